import type { ProgramMessage, UnitsMessage } from '../../../src/door/layout.ts';

// The worst case: a program has broken out of the boot and has the lease's port. Its text names the attack.
const READY = 1;
const PROGRESS = 6;

const buffer = (...bytes: number[]): ArrayBuffer => new Uint8Array(bytes).buffer;
/** A result of JSON `1`, run time 0. */
const result = (): number[] => [4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0x31];

const attacks: Record<string, (post: (data: unknown) => void) => void> = {
  flood: (post) => {
    post(buffer(READY));
    for (let i = 0; i < 50_000; i++) post(buffer(PROGRESS, 0, 0, 0, 0, 0, 0, 0, 0));
  },
  objects: (post) => post({ __proto__: null, kind: 'result', position: 1 }),
  pollute: (post) => {
    post(JSON.parse('{"type":"SET","path":["__proto__","polluted"],"value":{"type":"RAW","value":1}}'));
    post(new Map([[1, 2]]));
  },
  unready: (post) => post(buffer(...result())),
  surplus: (post) => post(buffer(READY, ...result(), ...result(), ...result(), ...result())),
  surplusLater: (post) => {
    post(buffer(READY, ...result()));
    for (let i = 0; i < 9; i++) post(buffer(...result()));
  },
  giant: (post) => post(new ArrayBuffer(64 * 1024 * 1024)),
  empty: (post) => post(new ArrayBuffer(0)),
  garbage: (post) => post(buffer(READY, 200, 1, 2, 3)),
  dies: () => {
    setTimeout(() => {
      throw new Error('it dies');
    });
  },
};

addEventListener('message', (event) => {
  const port = event.ports[0]!;
  // What comes after the program is the units.
  port.onmessage = ({ data }: MessageEvent<ProgramMessage | UnitsMessage>) => {
    if ('program' in data && data.program.kind === 'js')
      attacks[data.program.text]?.((message) => port.postMessage(message));
  };
});
postMessage(0);
