import { expect, test } from 'vitest';
import type { LeaseSpec, Report } from './suite/browser/wire.ts';
import { wat } from './unit/wasm/lease.ts';
import { useFrame } from './use-frame.ts';

const cage = useFrame();

const runs = (body: string): string => `export const run = async (input, ctx) => { ${body} };`;
const values = ({ outcomes }: Report): unknown[] =>
  outcomes.map((outcome) => (outcome?.kind === 'json' ? outcome.value : outcome));
const run = (program: string, spec: Partial<LeaseSpec> = {}): Promise<Report> =>
  cage.run({ program, inputs: 1, data: { catalog: 1000, empty: 0 }, ...spec });

test('SH6: a program reads all of its data or parts of it, as copies of its own, and knows how much there is', async () => {
  const program = runs(`
    const whole = await ctx.data('catalog');
    const part = await ctx.data('catalog', { from: 250, to: 253 });
    new Uint8Array(part).fill(9);
    const again = await ctx.data('catalog', { from: 250, to: 253 });
    const tail = await ctx.data('catalog', { from: 998 });
    const none = await ctx.data('empty');
    return [whole instanceof ArrayBuffer, whole.byteLength, [...new Uint8Array(again)], [...new Uint8Array(tail)],
      none.byteLength, ctx.dataSize('catalog'), ctx.dataSize('empty'), input];`);
  const report = await run(program, { inputs: 20 });
  expect(values(report)).toEqual(
    Array.from({ length: 20 }, (_, n) => [true, 1000, [250, 0, 1], [998 % 251, 999 % 251], 0, 1000, 0, n]),
  );
  expect([report.end, report.disorder]).toEqual([{ kind: 'done' }, []]);
});

test('SH6: a name or a part that is not there is an error that the program can catch, and that names what there is', async () => {
  const program = runs(`
    const of = async (read) => { try { return await read(); } catch (error) { return error.name + ': ' + error.message; } };
    return [
      await of(() => ctx.data('catalogue')), await of(() => ctx.data()), await of(() => ctx.dataSize('x')),
      await of(() => ctx.data('catalog', { to: 1001 })), await of(() => ctx.data('catalog', { from: 5, to: 4 })),
      await of(() => ctx.data('catalog', { from: 0.5 })), await of(() => ctx.data('catalog', { from: '1' })),
    ];`);
  const part = 'RangeError: a part goes from a byte to a later one of the 1000 that there are';
  expect(values(await run(program))).toEqual([
    [
      'TypeError: the job shares no data named catalogue; it has catalog, empty',
      'TypeError: the job shares no data of a name that is no text; it has catalog, empty',
      'TypeError: the job shares no data named x; it has catalog, empty',
      part,
      part,
      part,
      part,
    ],
  ]);
  const none = await cage.run({ program: runs(`return ctx.data('catalog')`), inputs: 1 });
  expect(none.outcomes[0]).toMatchObject({ message: 'TypeError: the job shares no data: it has none named catalog' });
});

test('SH7: a thousand reads at once are answered each with its own bytes, by the boot that lets sixteen go', async () => {
  const program = runs(`
    const reads = await Promise.all(Array.from({ length: 1000 }, (_, n) => ctx.data('catalog', { from: n, to: n + 1 })));
    return reads.every((bytes, n) => new Uint8Array(bytes)[0] === n % 251);`);
  const report = await run(program);
  expect([values(report), report.end]).toEqual([[true], { kind: 'done' }]);
});

test('SH9: a fetch longer than the deadline fails no unit, and is no time that it ran', async () => {
  const program = runs(`await ctx.data('catalog'); return 1;`);
  const report = await run(program, { inputs: 2, fetch: 2500, deadlineMs: 1000 });
  expect([values(report), report.end]).toEqual([[1, 1], { kind: 'done' }]);
  for (const outcome of report.outcomes) expect(outcome!.runMs).toBeLessThan(1500);
  // Once the bytes are there the unit's time runs on.
  const loops = await run(runs(`await ctx.data('catalog'); for (;;);`), { fetch: 300, deadlineMs: 1000 });
  expect(loops.end).toEqual({ kind: 'overran', position: 0 });
});

test('SH10: no timer fires while a read is on its way, and what waits for one is not forgotten', async () => {
  const program = runs(`
    const order = [];
    setTimeout(() => order.push('timer'), 1);
    await ctx.data('catalog').then(() => order.push('data'));
    await new Promise((done) => setTimeout(done, 50));
    return order;`);
  // As long as a promise that nothing moves is looked at before it counts as forgotten, and more.
  const [slow, quick] = [await run(program, { fetch: 3500 }), await run(program)];
  expect([values(slow), values(quick)]).toEqual([[['data', 'timer']], [['data', 'timer']]]);
});

test('SH11: data that cannot be had ends the lease without blame', async () => {
  const program = runs(`if (input === 1) await ctx.data('catalog'); return input;`);
  const report = await run(program, { inputs: 3, fetch: 'fails' });
  expect(report.end).toEqual({ kind: 'starved', message: 'the network is gone' });
  expect(values(report)).toEqual([0, null, null]);
});

test('SH7: a program that patches what it can reach reads its data all the same, and nobody else’s', async () => {
  const program = `
    Array.prototype.push = Array.prototype[Symbol.iterator] = () => { throw new Error('patched'); };
    Object.defineProperty(Object.prototype, 'name', { get: () => 'catalog', set() {}, configurable: true });
    Object.defineProperty(Object.prototype, 'next', { get: () => { throw new Error('patched'); }, configurable: true });
    export const run = async (input, ctx) => new Uint8Array(await ctx.data('catalog', { from: 7, to: 9 }));`;
  const report = await run(program);
  expect(report.outcomes[0]).toMatchObject({ kind: 'bytes', bytes: [7, 8] });
});

/** Gives the three bytes from `at` on of the data named catalog. */
const readsModule = (at: number): string =>
  Buffer.from(
    wat(`
      (import "grid" "data_size" (func $size (param i32 i32) (result i32)))
      (import "grid" "data_read" (func $read (param i32 i32 i32 i32 i32)))
      (import "grid" "result_bytes" (func $result (param i32 i32)))
      (data (i32.const 0) "catalog")
      (func (export "run")
        (i32.store (i32.const 64) (call $size (i32.const 0) (i32.const 7)))
        (call $read (i32.const 0) (i32.const 7) (i32.const 68) (i32.const ${at}) (i32.const 3))
        (call $result (i32.const 64) (i32.const 7)))`),
  ).toString('base64');

test('SH14: a wasm module has all of its data from the start, and copies what it needs; a part that is not there ends the unit', async () => {
  // What it would have to ask for cannot be had: it asks for nothing.
  const spec = { inputs: 2, fetch: 'fails' } as const;
  const report = await run('', { ...spec, program: { wasm: readsModule(249) } });
  const bytes = [1000 % 256, 1000 >> 8, 0, 0, 249, 250, 0];
  expect(report.outcomes).toMatchObject([
    { kind: 'bytes', bytes },
    { kind: 'bytes', bytes },
  ]);
  const beyond = await run('', { ...spec, program: { wasm: readsModule(998) } });
  expect(beyond.outcomes[0]).toMatchObject({
    message: 'GridError: data_read: 3 bytes from 998 on are asked for; there are 1000',
  });
  const nameless = await run('', { ...spec, program: { wasm: readsModule(0) }, data: { other: 3 } });
  expect(nameless.outcomes[0]).toMatchObject({
    message: 'GridError: data_size: the job shares no data named "catalog"',
  });
});
