import type { LeaseMessage } from '../door/layout.ts';
import { describe } from './describe.ts';
import { makeDrive } from './drive.ts';
import { layFloor } from './floor.ts';
import { makeOut } from './out.ts';
import { makeRunner } from './runner.ts';

/** Takes away what a program may not have. */
export interface Wall {
  scrub(global: object): void;
  leftovers(global: object): string[];
}

const createURL = URL.createObjectURL;
const revokeURL = URL.revokeObjectURL;
const NativeBlob = Blob;

/**
 * The life of a cage's worker: it is made fit for a stranger, tells the frame, gets the lease's port, loads the
 * program, runs the units, and waits for its end.
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
      if (port !== undefined) port.onmessage = (lease: MessageEvent<LeaseMessage>) => open(port, lease.data);
    },
    { once: true },
  );

  const open = (port: MessagePort, lease: LeaseMessage): void => {
    port.onmessage = null;
    const out = makeOut(port.postMessage.bind(port) as (message: ArrayBuffer) => void);
    if (left.length > 0) {
      out.refused('the scrub left ' + left.join(', '));
      out.flush();
      return;
    }
    const runner = makeRunner(lease, out, drive);
    log = runner.log;
    const url = createURL(new NativeBlob([lease.program], { type: 'text/javascript' }));
    const unloadable = (error: unknown): void => {
      out.unloadable(describe(error));
      out.flush();
    };
    drive.wait(import(url), (how, module) => {
      revokeURL(url);
      if (how === 'forgotten') return unloadable({ message: 'the module never finishes loading' });
      if (how === 'failed') return unloadable(module);
      let run: unknown;
      try {
        run = (module as { run?: unknown } | undefined)?.run;
      } catch (error) {
        return unloadable(error);
      }
      if (typeof run !== 'function') return unloadable({ message: 'the program exports no function named run' });
      out.ready();
      out.flush();
      runner.run(run);
    });
  };

  wall.scrub(global);
  layFloor(global, { log: (text) => log(text), uncaught: (error) => drive.fail(error) });
  const left = wall.leftovers(global);
  tellFrame();
};

const readReason = (() => {
  const get = Object.getOwnPropertyDescriptor(PromiseRejectionEvent.prototype, 'reason')?.get as () => unknown;
  return get.call.bind(get) as (event: PromiseRejectionEvent) => unknown;
})();
