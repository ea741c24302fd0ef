import { MISTYPED, wasmModule } from '@gossamer/program/testing';
import { PAGE_BYTES } from '@gossamer/program/wasm';
import { LIMITS } from '@gossamer/protocol';
import { afterEach, expect, it } from 'vitest';
import type { CageEnd, CageLease, CageProgram } from '../../src/api.ts';
import { admitProgram, connectFrame } from '../../src/engine/index.ts';

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const admitted = (bytes: Uint8Array<ArrayBuffer>, pages = 2): Promise<CageProgram> =>
  admitProgram('wasm', bytes, pages * PAGE_BYTES);

it('WA23: a module within the limit is admitted with the memory that it declares, and one above it refused', async () => {
  const bytes = wasmModule({ maximumPages: 2 });
  expect(await admitted(bytes)).toEqual({ kind: 'wasm', bytes, memory: { initialPages: 1, maximumPages: 2 } });
  expect(await admitted(bytes, 1)).toEqual({
    kind: 'refused',
    reason: 'byte 30: the memory may grow to 2 pages of 64 KiB; 1 are allowed here: declare a smaller maximum',
  });
  expect(await admitted(wasmModule({ namespace: 'wasi' }))).toMatchObject({ kind: 'refused' });
  expect(await admitted(new Uint8Array(LIMITS.program + 1))).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining(`${LIMITS.program} are allowed`),
  });
  // What the engine alone sees is left to it: the worker is told, and says why.
  expect(await admitted(wasmModule({ body: MISTYPED }))).toMatchObject({ kind: 'wasm' });
});

it('WA24: a text is no module, and a module is no text, whatever they were said to be', async () => {
  expect(await admitted(utf8('export const run = () => 1;'))).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('no module of WebAssembly'),
  });
  const { kind, text } = (await admitProgram('js', wasmModule(), PAGE_BYTES)) as CageProgram & { kind: 'js' };
  expect([kind, text.startsWith('\0asm')]).toEqual(['js', true]);
});

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** A frame that counts what it is told: a worker that were started would be told of. */
const frame = () => {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const orders: unknown[] = [];
  port2.onmessage = ({ data }: MessageEvent) => void orders.push(data);
  return { frame: connectFrame(port1), orders };
};

const refusedLease: CageLease = {
  program: { kind: 'refused', reason: 'byte 9: mine' },
  params: 'null',
  units: [0, 1].map((index) => ({ index, seed: 1, input: { encoding: 0, body: utf8('1') } })),
  limits: { deadlineMs: 1000, resultBytes: 1000 },
};

it.each(['at once', 'staged'])(
  'WA23: each unit of a refused program has the reason, no worker starts: %s',
  async (how) => {
    const { frame: cage, orders } = frame();
    const told: unknown[] = [];
    const ended = new Promise<CageEnd>((resolve) => {
      const events = {
        result: () => void told.push('result'),
        error: (...args: unknown[]) => void told.push(args),
        progress: () => {},
        log: () => {},
        picture: () => {},
        end: resolve,
      };
      if (how === 'staged') cage.stage(refusedLease).start(events);
      else cage.run(refusedLease, events);
      expect([cage.running, told]).toEqual([1, []]);
    });
    expect(await ended).toEqual({ kind: 'done' });
    const error = { phase: 'load', message: 'Refused: byte 9: mine', stack: '' };
    expect(told).toEqual([
      [0, error, 0],
      [1, error, 0],
    ]);
    expect(cage.running).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 15));
    expect(orders.filter((order) => (order as number[])[0] === 1)).toEqual([]);
    cage.close();
  },
);

it('WA23: a refused program that is stopped ends so, with no error of its units', async () => {
  const { frame: cage } = frame();
  const told: unknown[] = [];
  const end = await new Promise<CageEnd>((resolve) => {
    const none = (): void => {};
    const error = (position: number): void => void told.push(position);
    cage.run(refusedLease, { result: none, error, progress: none, log: none, picture: none, end: resolve }).stop();
  });
  expect([end, told]).toEqual([{ kind: 'stopped' }, []]);
  cage.close();
});
