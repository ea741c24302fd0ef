import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { wasmModule } from '@gossamer/program/testing';
import type { ProgramContext } from '@gossamer/program';
import { type AnswerView, LIMITS } from '@gossamer/protocol';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { Gossamer as WebGossamer, GossamerError } from '../src/index.ts';
import type { MapOptions } from '../src/map-options.ts';
import type { Job, UnitOutput } from '../src/index.ts';
import { type Inputs, bands, bytesOf, csv, file, lines, product, range, split, typed } from '../src/node/index.ts';
import { all, thrown, useCoordinator } from './client.ts';
import { FakeCoordinator } from './fake-coordinator.ts';

const { coordinator, client } = useCoordinator();
const folder = mkdtempSync(join(tmpdir(), 'gossamer-sdk-test-'));
const program = join(folder, 'triple.ts');
beforeAll(() => {
  writeFileSync(program, 'export const run = (x: number, ctx: any) => x * (ctx.params?.by ?? 3);');
  coordinator.compute = true;
});
afterAll(() => rmSync(folder, { recursive: true }));

const newest = () => coordinator.jobs.at(-1)!;
const code = 'export const run = (input) => input;';

describe('grid.map', () => {
  it('SD1: three lines: a range, a TypeScript file, results with input and output', async () => {
    const job = await client().map(range(1, 6), program, { quorum: 2 });
    const results = await all(job.results());
    expect(results.map(({ unit, input, output }) => [unit, input, output])).toEqual([
      [0, 1, 3],
      [1, 2, 6],
      [2, 3, 9],
      [3, 4, 12],
      [4, 5, 15],
    ]);
    expect(newest().spec).toMatchObject({ name: 'triple.ts', policy: { kind: 'quorum', quorum: 2 } });
  });

  it('SD36: a typed program gives its types to inputs and outputs, and split() leaves the inputs to it', async () => {
    const triple = typed<{ run(x: number, ctx: object): Promise<string> }>(program);
    const job = await client().map(split(), triple, { reduce: false });
    expectTypeOf(job.results()).toEqualTypeOf<AsyncGenerator<UnitOutput<number, string>>>();
    expect(newest().spec).toMatchObject({ source: { kind: 'split' }, reduce: false });
    expect((await all(job.results())).map(({ output }) => output)).toEqual([0, 3, 6]);
    // @ts-expect-error: it takes numbers
    await client().map(['a'], triple);
  });

  it('SD47: it gives its types to parameters and to the answer, too', async () => {
    interface Module {
      run(x: number, ctx: ProgramContext<{ by: number }>): number;
      reduce(acc: { sum: number } | undefined, result: number): { sum: number };
    }
    const job = await client().map([1], typed<Module>(program), { params: { by: 2 } });
    expect(newest().spec.params).toEqual({ by: 2 });
    expectTypeOf(job.answer).returns.resolves.toHaveProperty('answer').toEqualTypeOf<{ sum: number } | null>();
    type Says = Module & { answer(acc: { sum: number }): { mean: number } };
    const telling = () => client().map([1], typed<Says>(program));
    expectTypeOf<Awaited<ReturnType<typeof telling>>>().toEqualTypeOf<Job<number, number, { mean: number }>>();
    // @ts-expect-error: it is multiplied by a number
    await client().map([1], typed<Module>(program), { params: { by: 'two' } });
    // Of a program without types everything may be said, and nothing is known.
    const untyped = await client().map([1], program, { params: ['two'] });
    expectTypeOf(untyped.answer).returns.resolves.toHaveProperty('answer').toEqualTypeOf<AnswerView['answer']>();
  });

  it('SD1: a file: URL and module text with types are programs too, and options reach the job', async () => {
    const options = { params: { by: 5 }, name: 'five', trusted: true, priority: 3, seed: 7, limits: { maxErrors: 1 } };
    const job = await client().map([10], pathToFileURL(program), options);
    expect((await all(job.results()))[0]).toMatchObject({ input: 10, output: 50 });
    expect(newest().spec).toMatchObject({ name: 'five', policy: { kind: 'trusted' }, priority: 3, seed: 7 });
    expect(newest().spec.limits.maxErrors).toBe(1);
    const typed = await client().map([2], { code: 'export const run = (x: number): number => x + 1;' });
    expect((await all(typed.results()))[0]!.output).toBe(3);
  });

  it('SD28: policy, comparison, class and requirements reach the job; what contradicts itself is not sent', async () => {
    const spec: MapOptions = {
      policy: { kind: 'adaptive', maxErrorRate: 0.001 },
      comparison: { kind: 'tolerance', absolute: 0, relative: 1e-9, read: 'float64' },
      sameClass: true,
      requirements: { memoryMb: 4096, cores: 4, wasm: ['simd'] },
    };
    await client().map([1], { code }, spec);
    expect(newest().spec).toMatchObject(spec);
    const before = coordinator.jobs.length;
    const refused = await thrown(client().map([1], { code }, { policy: { kind: 'check' }, sameClass: true }));
    expect(refused).toMatchObject({ code: 'policy-contradictory', message: expect.stringContaining('no replicas') });
    expect(coordinator.jobs).toHaveLength(before);
  });

  it('SD2: an array travels as a list; a long one, or a large one, as uploaded lines; inputs are echoed', async () => {
    await client().map([{ a: 1 }, null, 'x'], { code });
    expect(newest().spec.source).toEqual({ kind: 'list', items: [{ a: 1 }, null, 'x'] });
    coordinator.compute = false;
    const big = ['ü'.repeat(LIMITS.body), 'y'];
    const job = await client().map(big, { code });
    expect(newest().spec.source).toMatchObject({ kind: 'lines', format: 'ndjson' });
    expect(newest().inputs).toEqual(big);
    newest().finish(1, { output: 'done' });
    newest().finish(0, { output: 'late' });
    expect((await all(job.results({ failures: 'skip' })))[0]).toMatchObject({ unit: 1, input: 'y' });
    await client().map(
      Array.from({ length: LIMITS.listItems + 1 }, () => 1),
      { code },
    );
    expect(newest().spec.source.kind).toBe('lines');
    coordinator.compute = true;
  });

  it('SD3: what yields values is uploaded as lines, by way of a temporary file that is removed', async () => {
    const before = readdirSync(tmpdir()).filter((name) => /^gossamer-\w{6}$/.test(name));
    async function* values() {
      for (let i = 0; i < 30_000; i++) yield { i };
    }
    const job = await client().map(values(), { code: 'export const run = ({ i }) => i;' });
    expect(newest().inputs).toHaveLength(30_000);
    const results = await all(job.results());
    expect(results).toHaveLength(30_000);
    expect(results.at(-1)).toEqual({ unit: 29_999, output: 29_999, cursor: 'c30000' });
    await client().map(new Set([1, 2]), { code });
    expect(newest().inputs).toEqual([1, 2]);
    expect(readdirSync(tmpdir()).filter((name) => /^gossamer-\w{6}$/.test(name))).toEqual(before);
  });

  it('SD4: bytes in and bytes out, from memory, a file or a blob that is there', async () => {
    const data = new Uint8Array(1000).map((_, i) => i % 251);
    const path = join(folder, 'data.bin');
    writeFileSync(path, data);
    const sha256 = createHash('sha256').update(data).digest('hex');
    const sum = { code: 'export const run = (b) => new Uint8Array(b).map((x) => x ^ 255);' };
    for (const content of [data, data.buffer, new Blob([data]), file(path), { sha256 }]) {
      const job = await client().map<ArrayBuffer, Uint8Array>(bytesOf(content, { bytes: 300, overlap: 50 }), sum);
      expect(newest().spec.source).toEqual({ kind: 'records', blob: sha256, bytes: 300, overlap: 50, offset: 0 });
      const [first] = await all(job.results());
      expect(first!.output).toBeInstanceOf(Uint8Array);
      expect(first!.output).toEqual(data.slice(0, 300).map((x) => x ^ 255));
    }
    expect(coordinator.blobs.get(sha256)).toEqual(Buffer.from(data));
  });

  it('SD4: lines of a text and bands of a matrix name the uploaded blob', async () => {
    const text = new TextEncoder().encode('a\n\nb\n');
    const job = await client().map(lines(text), { code });
    expect((await all(job.results())).map(({ output }) => output)).toEqual(['a', 'b']);
    const shape = { rows: 2, columns: 10, cellBytes: 4, width: 4, overlap: 1 };
    await client().map(bands(new Uint8Array(80), shape), { code });
    expect(newest().spec.source).toMatchObject({ kind: 'bands', ...shape });
  });

  it('TA7: typed arrays and buffers go in and come out as what they are, among JSON, from arrays and streams', async () => {
    const values = [new Float64Array([1.5, -2]), new BigInt64Array([7n]), new Uint8Array([1]), { a: 1 }, 'x'];
    const job = await client().map(values, { code });
    expect(newest().spec.source).toMatchObject({ kind: 'packed' });
    const found = await all(job.results({ ordered: true }));
    expect(found.map(({ input }) => input)).toEqual(values);
    const outputs = found.map(({ output }) => output);
    expect(outputs).toEqual(values);
    async function* stream() {
      for (let n = 0; n < 3000; n++) yield new Float32Array([n, n + 0.5]);
    }
    const doubled = { code: 'export const run = (x) => x.map((y) => 2 * y);' };
    const streamed = await client().map<Float32Array, Float32Array>(stream(), doubled);
    const results = await all(streamed.results({ ordered: true }));
    expect(results.map(({ output }) => output)).toEqual(
      Array.from({ length: 3000 }, (_, n) => new Float32Array([2 * n, 2 * n + 1])),
    );
    await client().map(bytesOf(new Uint8Array(16), { bytes: 8, type: 'float32' }), doubled);
    expect(newest().spec.source).toMatchObject({ kind: 'records', type: 'float32' });
  });

  it('SD31: rows of a table, and every combination of parameters, are inputs', async () => {
    const table = await client().map(csv(new TextEncoder().encode('a;b\n1;2\n'), { delimiter: ';' }), { code });
    expect(newest().spec.source).toMatchObject({ kind: 'csv', delimiter: ';', header: true, numbers: true });
    expect(await all(table.results())).toMatchObject([{ output: { a: 1, b: 2 } }]);
    const axes = product({ rate: [0.1, 'x'], seed: range(4, 8, 2), one: [null] });
    const job = await client().map(axes, { code });
    expect(newest().spec.source).toMatchObject({ kind: 'product', axes: { seed: { start: 4, stop: 8, step: 2 } } });
    const found = await all(job.results());
    expect(found.map(({ input }) => input)).toEqual([
      { rate: 0.1, seed: 4, one: null },
      { rate: 0.1, seed: 6, one: null },
      { rate: 'x', seed: 4, one: null },
      { rate: 'x', seed: 6, one: null },
    ]);
    expect(found.map(({ output }) => output)).toEqual(found.map(({ input }) => input));
    const rates: (number | string)[] = found.map(({ input }) => input!.rate);
    expect(rates).toHaveLength(4);
  });

  it.each([
    ['no parameter', () => product({}), 'source-empty', 'needs a parameter'],
    ['a parameter without values', () => product({ a: [1], b: [] }), 'source-empty', '"b" has no value'],
    [
      'a value that is no JSON',
      () => product({ a: [1, Number.NaN] }),
      'source-invalid',
      'value 1 of the parameter "a"',
    ],
    ['a source of another kind', () => product({ a: csv(new Uint8Array(1)) as never }), 'usage', 'range(start, stop)'],
    ['no list at all', () => product({ a: 7 as never }), 'usage', 'range(start, stop)'],
  ])('SD31: a product of %s is refused at once', (_, make, code_, said) => {
    expect(make).toThrow(expect.objectContaining({ code: code_, message: expect.stringContaining(said) }) as Error);
  });

  it('SD5: a blob that is there is not sent again when it is large', async () => {
    const data = new Uint8Array(300_000).fill(9);
    await client().blobs.put(data);
    coordinator.requests.length = 0;
    const view = await client().blobs.put(data);
    expect(view.size).toBe(300_000);
    expect(coordinator.requests).toEqual([`HEAD /v1/blobs/${view.sha256}`]);
    const stream = await client().blobs.get(view.sha256);
    expect(Buffer.compare(Buffer.from(await new Response(stream).arrayBuffer()), data)).toBe(0);
    expect(await client().blobs.size('0'.repeat(64))).toBeNull();
  });
});

describe('wasm modules', () => {
  it('WA25: a file that ends in .wasm is uploaded as it is, by path or URL', async () => {
    coordinator.compute = false;
    const path = join(folder, 'nothing.WASM');
    writeFileSync(path, wasmModule());
    for (const ref of [path, pathToFileURL(path)]) {
      await client().map([1], ref, { quorum: 2 });
      expect(newest().spec).toMatchObject({ name: 'nothing.WASM', policy: { kind: 'quorum', quorum: 2 } });
      expect(new Uint8Array(coordinator.blobs.get(newest().spec.program)!)).toEqual(wasmModule());
    }
    coordinator.compute = true;
  });

  it.each<[string, string, Uint8Array | null, string]>([
    ['one that imports from elsewhere', 'program-imports', wasmModule({ namespace: 'wasi' }), 'foreign.wasm:0x'],
    ['one that is cut off', 'program-invalid', wasmModule().subarray(0, 20), 'foreign.wasm:0x'],
    ['one that is a text', 'program-invalid', new TextEncoder().encode('(module)'), 'binary form'],
    ['one that is too large', 'body-too-large', new Uint8Array(LIMITS.program + 1), 'foreign.wasm is'],
    ['one that is not there', 'usage', null, 'there is no file'],
  ])('WA25: %s is refused before anything is uploaded', async (_, code, bytes, said) => {
    const path = join(folder, 'foreign.wasm');
    rmSync(path, { force: true });
    if (bytes !== null) writeFileSync(path, bytes);
    coordinator.requests.length = 0;
    const error = await thrown(client().map(lines(new TextEncoder().encode('a\n')), path));
    expect(error).toMatchObject({ code, message: expect.stringContaining(said) });
    expect(coordinator.requests).toEqual([]);
  });
});

describe('bad input is told at once', () => {
  const at = 7;

  it.each([
    ['map', () => client().map([1], ((x: number) => x + at) as never)],
    ['pipe', () => client().pipe([1], ((x: number) => x + at) as never)],
    ['check', () => client().check(((x: number) => x + at) as never)],
  ])('SD46: a function given to %s is refused with the line of the call', async (_, call) => {
    const { message } = await thrown(call());
    const [, file, line] = /^(\S+):(\d+):\d+: the function/.exec(message) ?? [];
    expect(file).toBe(import.meta.filename);
    expect(readFileSync(import.meta.filename, 'utf8').split('\n')[Number(line) - 1]).toContain('(x: number) => x + at');
  });

  it.each([
    ['a function', 'program-imports', () => client().map([1], ((x: number) => x + at) as never), 'export function run'],
    ['a number as program', 'usage', () => client().map([1], 7 as never), '{ code }'],
    ['a file that is not there', 'usage', () => client().map([1], './no.ts'), 'there is no file ./no.ts (looked for /'],
    [
      'a program with an import of Node',
      'program-imports',
      () => client().map([1], { code: `import 'node:fs'` }),
      ':1:8',
    ],
    ['a program without run', 'program-exports', () => client().map([1], { code: 'export const a = 1;' }), 'run'],
    ['a program that does not compile', 'program-invalid', () => client().map([1], { code: 'x ?' }), ':1:'],
    ['no inputs', 'source-empty', () => client().map([], { code }), 'no inputs'],
    ['an iterator without values', 'source-empty', () => client().map(new Set(), { code }), 'no inputs'],
    ['an empty range', 'source-empty', () => client().map(range(5, 5), { code }), 'range(5, 5, 1)'],
    ['a range of fractions', 'source-invalid', () => client().map(range(0.5, 5), { code }), 'integers'],
    ['a step of 0', 'source-invalid', () => client().map(range(1, 5, 0), { code }), 'step'],
    ['NaN', 'source-invalid', () => client().map([1, NaN], { code }), 'input 1: NaN'],
    ['undefined', 'source-invalid', () => client().map([undefined], { code }), 'input 0: undefined'],
    ['a nested Map', 'source-invalid', () => client().map([{ m: new Map() }], { code }), 'at "m": a Map'],
    [
      'a nested typed array',
      'source-invalid',
      () => client().map([{ m: new Float32Array(2) }], { code }),
      'a Float32Array',
    ],
    ['a nested Date', 'source-invalid', () => client().map([{ at: new Date(0) }], { code }), 'at "at": a Date'],
    ['a Date', 'source-invalid', () => client().map([new Date(0)], { code }), 'input 0: a Date'],
    ['a nested Buffer', 'source-invalid', () => client().map([{ m: Buffer.of(1) }], { code }), 'at "m": a Buffer'],
    ['a URL', 'source-invalid', () => client().map([new URL('http://localhost')], { code }), 'a URL'],
    ['undefined in a list', 'source-invalid', () => client().map([[1, undefined]], { code }), 'at "1": undefined'],
    ['a bigint from an iterator', 'source-invalid', () => client().map(new Set([1n]), { code }), 'a bigint'],
    ['a ring', 'source-invalid', () => client().map([ring()], { code }), 'holds itself'],
    [
      'params that are no JSON',
      'source-invalid',
      () => client().map([1], { code }, { params: { f: at.toFixed } }),
      'params',
    ],
    ['quorum and trusted', 'usage', () => client().map([1], { code }, { quorum: 2, trusted: true }), 'one of them'],
    [
      'policy twice',
      'usage',
      () => client().map([1], { code }, { quorum: 2, policy: { kind: 'check' } }),
      'one of them',
    ],
    ['a quorum of 99', 'request-invalid', () => client().map([1], { code }, { quorum: 99 }), 'policy'],
    ['inputs that are none', 'usage', () => client().map(5 as unknown as Inputs<number>, { code }), 'inputs are'],
    ['a data file that is not there', 'usage', () => client().map(lines(file('no.csv')), { code }), 'no.csv'],
    [
      'a blob that is not there',
      'blob-unknown',
      () => client().map(lines({ sha256: '1'.repeat(64) }), { code }),
      '111',
    ],
    ['a name that is no hash', 'usage', () => client().map(lines({ sha256: 'x' }), { code }), '64'],
  ])('SD6: %s', async (_, expected, call, said) => {
    const jobs = coordinator.jobs.length;
    const error = await thrown((async () => call())());
    expect(error).toBeInstanceOf(GossamerError);
    expect(error).toMatchObject({ code: expected });
    expect(error.message).toContain(said);
    expect(coordinator.jobs).toHaveLength(jobs);
  });

  it('SD7: without Node a path is refused with what to do, and module text is uploaded as it is', async () => {
    const web = new WebGossamer({ url: coordinator.url, apiKey: FakeCoordinator.KEY });
    const error = await thrown(web.map([1], './triple.ts'));
    expect(error).toMatchObject({ code: 'usage', message: expect.stringContaining('@gossamer/sdk/node') });
    const job = await web.map(new Set([4]), { code: 'export const run = (x) => -x;' });
    expect((await all(job.results()))[0]!.output).toBe(-4);
    expect(coordinator.blobs.get(newest().spec.program)!.toString()).toBe('export const run = (x) => -x;');
  });

  it('SH16: shared data goes up once, from a file, bytes or a name, and the job names it', async () => {
    const path = join(folder, 'catalog.bin');
    const bytes = new Uint8Array(300_000).fill(5);
    writeFileSync(path, bytes);
    const named = await client().blobs.put(new Uint8Array([1, 2, 3]));
    const data = { catalog: path, url: pathToFileURL(path), small: new Uint8Array([9]), there: named };
    coordinator.requests.length = 0;
    await client().map([1], { code }, { data });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(newest().spec.data).toMatchObject({ catalog: sha256, url: sha256, there: named.sha256 });
    expect(coordinator.blobs.get(sha256)?.byteLength).toBe(300_000);
    expect(coordinator.requests.filter((request) => request === `PUT /v1/blobs/${sha256}`)).toHaveLength(1);
    coordinator.requests.length = 0;
    await client().map([1], { code }, { data });
    expect(coordinator.requests.filter((request) => request === `PUT /v1/blobs/${sha256}`)).toEqual([]);
  });

  it('SH16: a name that is none is refused before anything is made, as is a path where there are no files', async () => {
    expect(await thrown(client().map([1], { code }, { data: { 'a b': new Uint8Array(1) } }))).toMatchObject({
      code: 'request-invalid',
      message: expect.stringContaining('the name "a b"'),
    });
    const web = new WebGossamer({ url: coordinator.url, apiKey: FakeCoordinator.KEY });
    expect(await thrown(web.map([1], { code }, { data: { catalog: './catalog.bin' } }))).toMatchObject({
      code: 'usage',
      message: expect.stringContaining('@gossamer/sdk/node'),
    });
    expect(await thrown(client().map([1], { code }, { data: { catalog: './none.bin' } }))).toMatchObject({
      code: 'usage',
      message: 'there is no file ./none.bin',
    });
    expect(coordinator.jobs.filter(({ spec }) => 'a b' in spec.data)).toEqual([]);
  });
});

const ring = (): unknown => {
  const object: Record<string, unknown> = {};
  object['self'] = object;
  return object;
};
