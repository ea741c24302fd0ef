import type { ProgramMessage, UnitsMessage } from '../door/layout.ts';
import { makeDataReads } from './data.ts';
import { describe } from './describe.ts';
import { makeDrive } from './drive.ts';
import { layFloor } from './floor.ts';
import { handingOver } from './handover.ts';
import { loadProgram } from './load.ts';
import { makeOut } from './out.ts';
import { bufferSize } from './result.ts';
import { makeRunner } from './runner.ts';

/** Takes away what a program may not have. */
export interface Wall {
  scrub(global: object): void;
  leftovers(global: object): string[];
}

/**
 * The life of a cage's worker: it is made fit for a stranger, tells the frame, gets the lease's port, loads the
 * program, says that it is ready, runs the units when it is given them, and waits for its end. It may be started long
 * before its lease's turn; it waits for the units then, and nothing turns the program's clock meanwhile.
 */
export const start = (global: DedicatedWorkerGlobalScope, wall: Wall): void => {
  const listen = global.addEventListener.bind(global);
  const tellFrame: () => void = global.postMessage.bind(global, 0);
  const drive = makeDrive();
  let log = (_text: string): void => {};

  listen('unhandledrejection', (event) => {
    event.preventDefault();
    log('unhandled rejection: ' + describe(readReason(event)).message);
  });
  listen(
    'message',
    (event) => {
      const port = event.ports[0];
      if (port !== undefined) port.onmessage = (told) => open(port, dataOf(told) as ProgramMessage);
    },
    { once: true },
  );

  const open = (port: MessagePort, told: ProgramMessage): void => {
    const post = port.postMessage.bind(port) as (message: ArrayBuffer, transfer?: Transferable[]) => void;
    const out = makeOut(post, (message) => post(message, handingOver(message)));
    if (left.length > 0) {
      out.refused('the scrub left ' + left.join(', '));
      out.flush();
      return;
    }
    const reads = makeDataReads(told.data, out, drive.moved);
    const runner = makeRunner(told, out, drive, reads);
    log = runner.log;
    let run: unknown;
    // Set before a program could have touched anything; units come after `ready`, so that `run` is known by then.
    port.onmessage = (event) => {
      const said = dataOf(event);
      // Told apart by what it is: a member that a plain object lacks would be looked up where a program can put one.
      if (bufferSize(said) >= 0) reads.answered(said as ArrayBuffer);
      else runner.run(run, said as UnitsMessage);
    };
    const loading = loadProgram(told);
    const unloadable = (error: unknown): void => {
      out.unloadable(describe(error));
      out.flush();
    };
    drive.wait(loading.module, (how, module) => {
      loading.over();
      if (how === 'forgotten') return unloadable({ message: 'the module never finishes loading' });
      if (how === 'failed') return unloadable(module);
      try {
        run = loading.runOf(module);
      } catch (error) {
        return unloadable(error);
      }
      if (typeof run !== 'function') return unloadable({ message: 'the program exports no function named run' });
      out.ready();
      out.flush();
    });
  };

  wall.scrub(global);
  layFloor(global, { log: (text) => log(text), uncaught: (error) => drive.fail(error) });
  const left = wall.leftovers(global);
  tellFrame();
};

const getter = <E>(proto: E, key: keyof E & string): ((event: E) => unknown) => {
  const get = Object.getOwnPropertyDescriptor(proto, key)?.get as () => unknown;
  return get.call.bind(get) as (event: E) => unknown;
};
const readReason = getter(PromiseRejectionEvent.prototype, 'reason');
const dataOf = getter<MessageEvent>(MessageEvent.prototype, 'data');
