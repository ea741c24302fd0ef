import { expect, test } from 'vitest';
import type { LeaseSpec } from './suite/browser/wire.ts';
import { useFrame } from './use-frame.ts';

const cage = useFrame();

const STAGED_MS = 400;

test('CG58: a staged lease computes what it would have computed at once, its timers and draws alike', async () => {
  const program = `
    const order = []; let ticks = 0;
    setInterval(() => { ticks += 1; }, 10);
    (async () => { for (let n = 0; n < 5; n++) { await 0; order.push(n); } })();
    export const run = async (x, ctx) => {
      const before = [ticks, order.length, Math.random()];
      await new Promise((done) => setTimeout(done, 35));
      return [x, ctx.params, before, ticks, Math.random(), crypto.randomUUID()];
    };`;
  const spec: LeaseSpec = { program, params: { p: [1] }, inputs: 12 };
  const atOnce = await cage.run(spec);
  const staged = await cage.run({ ...spec, stagedMs: STAGED_MS });
  const values = atOnce.outcomes.map((outcome) => outcome?.kind === 'json' && outcome.value);
  expect(staged.outcomes.map((outcome) => outcome?.kind === 'json' && outcome.value)).toEqual(values);
  expect(values.every((value) => value !== false)).toBe(true);
  expect([staged.end, staged.disorder]).toEqual([{ kind: 'done' }, []]);
});

test('CG58: what a staged program does before its turn counts for nothing, and leases that wait do not meet', async () => {
  const program = `
    const seen = globalThis.left ?? [].left ?? null;
    globalThis.left = 'state'; Array.prototype.left = 'state';
    Object.defineProperty(Object.prototype, 'heads', { get: () => { throw 1; }, configurable: true });
    export const run = (x) => [seen, x];`;
  const leases = await Promise.all([0, 1, 2].map(() => cage.run({ program, inputs: 2, stagedMs: STAGED_MS })));
  for (const { outcomes, end } of leases) {
    expect(outcomes).toMatchObject([{ value: [null, 0] }, { value: [null, 1] }]);
    expect(end).toEqual({ kind: 'done' });
  }
});

test('CG59: a program that cannot be loaded, loops or dies while it is staged ends as if it never had been', async () => {
  const broken = await cage.run({ program: 'export const x = ;', inputs: 2, stagedMs: STAGED_MS });
  expect(broken.outcomes).toMatchObject([
    { kind: 'error', phase: 'load' },
    { kind: 'error', phase: 'load' },
  ]);
  expect(broken.end).toEqual({ kind: 'done' });
  for (const program of ['for (;;); export const run = () => 1;', 'export const run = () => 1; for (;;) await 0;']) {
    const loops = await cage.run({ program, inputs: 2, deadlineMs: 1000, stagedMs: STAGED_MS });
    expect(loops.end).toEqual({ kind: 'overran', position: 0 });
  }
});

test('CG60: a large result comes whole, whatever the program made of iterators', async () => {
  const program = `
    const hostile = () => { throw new Error('an iterator was asked'); };
    Array.prototype[Symbol.iterator] = hostile;
    ['next', 'done', 'value', 'transfer', 'length', Symbol.iterator].forEach((key) => {
      Object.defineProperty(Object.prototype, key, { __proto__: null, get: hostile, configurable: true });
    });
    export const run = (x) => { const bytes = new Uint8Array(900000 + x).fill(x + 1); return bytes; };`;
  const report = await cage.run({ program, inputs: 3 });
  expect(report.outcomes.map((outcome) => outcome?.kind === 'bytes' && [outcome.size, outcome.bytes[4000]])).toEqual([
    [900_000, 1],
    [900_001, 2],
    [900_002, 3],
  ]);
});
