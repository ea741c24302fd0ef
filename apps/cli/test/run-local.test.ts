import { unitSeed } from '@gossamer/protocol';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import { useGossamer } from './gossamer.ts';

const { folder, run, start, write } = useGossamer();

const local = (...args: string[]) => run(['run', 'local', ...args]);

/** Profiles of browsers in the test's folder, and processes that were started with one. */
const leftOver = () => ({
  profiles: readdirSync(folder).filter((name) => name.startsWith('gossamer-browser-')).length,
  runs: execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(join(folder, 'gossamer-browser-')),
});

beforeAll(() => {
  write(
    'speaks.ts',
    `interface Ctx { params: unknown; unit: object; log(text: string): void; progress(done: number): void;
       picture(picture: object): void }
     export const run = (input: unknown, ctx: Ctx) => {
       ctx.log('input is ' + JSON.stringify(input));
       ctx.progress(0.5);
       ctx.picture({ width: 2, height: 1, rgba: Uint8ClampedArray.of(1, 2, 3, 255, 4, 5, 6, 255) });
       return { input, params: ctx.params, unit: ctx.unit };
     };`,
  );
  write('floats.ts', 'export const run = (input: number[]) => Float64Array.from(input);');
  write('reverse.ts', 'export const run = (input: ArrayBuffer) => new Uint8Array(input).reverse();');
});

describe('gossamer run local', () => {
  it('LR1: prints what the unit returned, and says on standard error what it logs and how far it is', async () => {
    const ran = await local('speaks.ts', '--input', '{"a":[1,2]}', '--params', '{"deep":true}', '--picture', 'it.png');
    expect(ran.status, ran.stderr).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ input: { a: [1, 2] }, params: { deep: true } });
    expect(ran.stderr).toContain('log: input is {"a":[1,2]}\n');
    expect(ran.stderr).toContain('progress: 50 %\n');
    expect(ran.stderr).toContain('picture: 2 x 1\n');
    expect(ran.stderr).toMatch(/bytes, after \d+ ms in the cage of Chromium \d+\n/);
    const { width, height, data } = decode(readFileSync(join(folder, 'it.png')));
    expect([width, height, ...data]).toEqual([2, 1, 1, 2, 3, 255, 4, 5, 6, 255]);
  });

  it('LR10: that a browser is started, and which, is said before anything else', async () => {
    const { stderr } = await local('speaks.ts', '--input', '1');
    expect(stderr).toMatch(/^starting Chromium \d+ without a window, for this unit: \S+\n/);
  });

  it('LR1: bytes are base64, with the type of a typed array; --json tells all in one object', async () => {
    const floats = await local('floats.ts', '--input', '[1.5,-2]', '--quiet');
    expect(floats).toMatchObject({ status: 0, stderr: '' });
    const expected = Buffer.from(new Float64Array([1.5, -2]).buffer).toString('base64');
    expect(JSON.parse(floats.stdout)).toEqual({ bytes: expected, type: 'float64' });
    write('cells.bin', new Uint8Array([1, 2, 250]));
    const bytes = await local('reverse.ts', '--bytes', 'cells.bin');
    expect(JSON.parse(bytes.stdout)).toEqual({ bytes: Buffer.from([250, 2, 1]).toString('base64') });
    const told = await local('speaks.ts', '--input', '7', '--json');
    expect(told.stderr).toBe('');
    expect(JSON.parse(told.stdout)).toMatchObject({
      ok: true,
      output: { input: 7, params: null },
      logs: ['input is 7'],
      progress: [0.5],
      pictures: [{ width: 2, height: 1 }],
      chromium: expect.any(Number),
    });
  });

  it('LB51: a result of several MiB comes as it is where --result-bytes allows it, unjudged; else it is an error', async () => {
    write(
      'grows.ts',
      `export const run = (n: number) => new Uint32Array(n).fill(7);
       export const check = () => false;`,
    );
    const count = 1024 * 1024;
    const args = ['grows.ts', '--input', String(count), '--quiet'];
    const large = await local(...args, '--result-bytes', String(4 * count));
    expect(large).toMatchObject({ status: 0, stderr: '' });
    const { bytes, type } = JSON.parse(large.stdout) as { bytes: string; type: string };
    expect(type).toBe('uint32');
    expect(Buffer.compare(Buffer.from(bytes, 'base64'), Buffer.from(new Uint32Array(count).fill(7).buffer))).toBe(0);
    const small = await local(...args);
    expect(small).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('over 65536 bytes') });
    const wrong = await local(...args, '--result-bytes', String(2 ** 30 + 1));
    expect(wrong).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('1 to 1073741824 bytes') });
    // What a grid would ask a program, it is asked here.
    expect((await local('grows.ts', '--input', '1', '--quiet')).status).toBe(1);
  });

  it('LR2: input comes from a file or standard input as well; seed and index are those of the grid', async () => {
    write('input.json', '{"from": "file"}');
    const file = await local('speaks.ts', '--input', '@input.json', '--seed', '42', '--index', '9');
    expect(JSON.parse(file.stdout)).toEqual({
      input: { from: 'file' },
      params: null,
      unit: { index: 9, seed: unitSeed(42, 9) },
    });
    const piped = await run(['run', 'local', 'speaks.ts', '--input', '-'], { stdin: '["from", "stdin"]\n' });
    expect(JSON.parse(piped.stdout)).toMatchObject({ input: ['from', 'stdin'] });
  });

  it('LR3: what it throws is told with its message, and its stack by the lines of the sources', async () => {
    write(
      'helper.ts',
      'export const half = (n: number): number => {\n  if (n % 2) throw new RangeError(`${n} is odd`);\n  return n / 2;\n};',
    );
    write('throws.ts', "import { half } from './helper.ts';\n\nexport const run = (n: number) => half(n);");
    const ran = await local('throws.ts', '--input', '3');
    expect(ran).toMatchObject({ status: 1, stdout: '' });
    expect(ran.stderr).toMatch(/gossamer: the program threw: RangeError: 3 is odd\n +at .*half.*helper\.ts:2:\d+/);
    expect(ran.stderr).toMatch(/at .*run.*throws\.ts:3:\d+/);
  });

  it('LR4: a time-out, what a cage has not, and results that cannot travel are told for what they are', async () => {
    write('loops.ts', 'export const run = () => { for (;;); };');
    // Its own file would be refused with the line; a package's is not.
    write('node_modules/net/package.json', '{"name": "net", "version": "1.0.0", "main": "net.js"}');
    write('node_modules/net/net.js', "exports.get = () => fetch('http://localhost/');");
    write('fetches.ts', "export { get as run } from 'net';");
    write('returns.ts', 'export const run = () => ({ answer: () => 42 });');
    write('large.ts', "export const run = () => 'x'.repeat(1e6);");
    const cases: [string, RegExp][] = [
      ['loops.ts', /there is no result: it ran longer than 1 s, and was ended \(--timeout\)/],
      ['fetches.ts', /fetch is not defined[^]*fetch is not there in a volunteer's tab: a program has no network/],
      ['returns.ts', /what it returned cannot travel: .*a function has no JSON form/],
      ['large.ts', /what it returned cannot travel: .*over 65536 bytes/],
    ];
    for (const [name, says] of cases) {
      const ran = await local(name, '--input', 'null', '--timeout', '1');
      expect([name, ran.status, ran.stdout]).toEqual([name, 1, '']);
      expect(ran.stderr).toMatch(says);
    }
    write('loads.ts', "if (1 < 2) throw new Error('no start'); export const run = () => 1;");
    const told = await local('loads.ts', '--input', '3', '--json');
    expect(told.status).toBe(1);
    expect(JSON.parse(told.stdout)).toMatchObject({
      ok: false,
      error: { phase: 'load', message: 'Error: no start', stack: expect.stringContaining('loads.ts:1:'), advice: null },
    });
  });

  it("LR5: the program's own check and equals must take its result", async () => {
    const judged = (check: string, equals: string): string =>
      `export const run = (n: number) => n * 2;\nexport const check = ${check};\nexport const equals = ${equals};`;
    write('good.ts', judged('(n, twice, { params }) => twice === params * n', '(a, b) => a === b'));
    write('bad.ts', judged('(n, twice) => twice === n', '(a, b) => a < b'));
    write('worse.ts', judged('() => { throw new Error("no idea"); }', '() => 1'));
    const good = await local('good.ts', '--input', '4', '--params', '2');
    expect(good).toMatchObject({ status: 0, stdout: '8\n' });
    expect(good.stderr).toMatch(/check: true[^]*equals: true/);
    const bad = await local('bad.ts', '--input', '4');
    expect(bad).toMatchObject({ status: 1, stdout: '8\n' });
    expect(bad.stderr).toMatch(/gossamer: check: .*is not true[^]*gossamer: equals: .*is not true/);
    const worse = await local('worse.ts', '--input', '4', '--json');
    expect(JSON.parse(worse.stdout)).toMatchObject({
      ok: false,
      output: 8,
      check: { wrong: expect.stringContaining('no idea') },
      equals: { wrong: expect.stringContaining('must return true or false') },
    });
  });

  it('LR6: mistakes and a missing browser are said before a browser is started', async () => {
    write('broken.ts', 'export const run = (x => ;');
    write('no.json', '{');
    const mistakes: [string[], number, RegExp][] = [
      [['speaks.ts'], 2, /there is no input: give --input JSON/],
      [['speaks.ts', '--input', '{'], 2, /--input is no JSON/],
      [['speaks.ts', '--input', '@no.json'], 2, /no\.json is no JSON/],
      [['speaks.ts', '--input', '@none.json'], 2, /none\.json cannot be read: ENOENT/],
      [['speaks.ts', '--input', '1', '--bytes', 'no.json'], 2, /not both/],
      [['speaks.ts', '--input', '1', '--timeout', '0'], 2, /above 0/],
      [['none.ts', '--input', '1'], 2, /there is no file none\.ts \(looked for \/\S+none\.ts\)/],
      [['no.json', '--input', '1'], 6, /no\.json is no program: it is data/],
      [['broken.ts', '--input', '1'], 6, /broken\.ts:1:\d+/],
    ];
    const env = { GOSSAMER_CHROMIUM: join(folder, 'no-browser') };
    for (const [args, status, says] of mistakes) {
      const ran = await run(['run', 'local', ...args], { env });
      expect([args, ran.status, ran.stdout]).toEqual([args, status, '']);
      expect(ran.stderr).toMatch(says);
    }
    const ran = await run(['run', 'local', 'speaks.ts', '--input', '1'], { env });
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringMatching(/GOSSAMER_CHROMIUM names .*no-browser/) });
    const none = await run(['run', 'local', 'speaks.ts', '--input', '1'], { env: { PATH: '/none' } });
    if (none.status !== 0) expect(none.stderr).toMatch(/Chromium or Chrome 152 or later is needed/);
  });

  it('LR7: nothing of the browser is left, also after Ctrl-C', async () => {
    write('waits.ts', "export const run = (_: unknown, ctx: any) => { ctx.log('here'); for (;;); };");
    const { child, done } = start(['run', 'local', 'waits.ts', '--input', 'null'], { TMPDIR: folder });
    await new Promise<void>((resolve) => {
      child.stderr!.on('data', (chunk) => String(chunk).includes('here') && resolve());
    });
    expect(leftOver()).toEqual({ profiles: 1, runs: true });
    child.kill('SIGINT');
    expect((await done).status).toBe(130);
    expect(leftOver()).toEqual({ profiles: 0, runs: false });
  });

  it('SH15: files stand in for shared data, read in parts; one that is not there is a mistake of the command', async () => {
    const bytes = Buffer.from(Uint8Array.from({ length: 3_000_000 }, (_, n) => (n >> 8) & 255));
    write('catalog.bin', bytes);
    write('names.txt', 'Vega');
    write(
      'reads.ts',
      `interface Ctx { data(name: string, range?: object): Promise<ArrayBuffer>; dataSize(name: string): number }
       export const run = async (at: number, ctx: Ctx) => [
         ctx.dataSize('catalog'),
         ...new Uint8Array(await ctx.data('catalog', { from: at, to: at + 2 })),
         (await ctx.data('catalog')).byteLength,
         new TextDecoder().decode(await ctx.data('names')),
       ];`,
    );
    const args = ['--data', 'catalog=catalog.bin', '--data', 'names=names.txt'];
    const ran = await local('reads.ts', '--input', '2560255', ...args);
    expect(ran.status, ran.stderr).toBe(0);
    expect(JSON.parse(ran.stdout)).toEqual([3_000_000, bytes[2_560_255], bytes[2_560_256], 3_000_000, 'Vega']);
    expect(await local('reads.ts', '--input', '1', '--data', 'catalog=none.bin')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--data catalog: there is no file none.bin'),
    });
    expect(await local('reads.ts', '--input', '1', '--data', '1x=catalog.bin')).toMatchObject({ status: 2 });
    expect(await local('reads.ts', '--input', '1', '--data', 'a=x', '--data', 'a=y')).toMatchObject({ status: 2 });
    const undeclared = await local('reads.ts', '--input', '1');
    expect(undeclared).toMatchObject({ status: 1, stderr: expect.stringContaining('the job shares no data') });
  });
});
