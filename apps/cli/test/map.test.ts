import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '@gossamer/sdk/testing';
import { ndjson, useGossamer } from './gossamer.ts';

const { coordinator, run, start, write } = useGossamer();
const newest = () => coordinator.jobs.at(-1)!;

beforeAll(() => {
  write('double.ts', 'export const run = (x: number, ctx: any) => x * (ctx.params?.by ?? 2);');
  write('shout.ts', 'export const run = (text: string) => String(text).toUpperCase();');
  write('odd.ts', 'export const run = (x: number) => { if (x % 2 === 0) throw new Error(`even: ${x}`); return x; };');
  write('bytes.ts', 'export const run = (input: ArrayBuffer) => new Uint8Array(input).reverse();');
});
beforeEach(() => {
  coordinator.compute = true;
  coordinator.intercept = () => false;
});

describe('gossamer map', () => {
  it('CL1: is a filter: lines in, NDJSON out, progress on standard error only', async () => {
    const { status, stdout, stderr } = await run(['map', './double.ts', '--quorum', '1'], { stdin: '1\n2\n\n3\n' });
    expect(status).toBe(0);
    expect(ndjson(stdout)).toEqual([
      { unit: 0, input: 1, output: 2 },
      { unit: 1, input: 2, output: 4 },
      { unit: 2, input: 3, output: 6 },
    ]);
    expect(stderr).toMatch(/3\/3 units/);
    expect(newest().spec).toMatchObject({ name: 'double.ts', policy: { kind: 'quorum', quorum: 1 } });
  });

  it('CL2: lines are JSON if the first one is, else text; --format decides otherwise', async () => {
    const outputs = async (args: string[], stdin: string) =>
      ndjson((await run(['map', 'shout.ts', '--quiet', ...args], { stdin })).stdout).map(
        (line) => (line as { input: unknown }).input,
      );
    expect(await outputs([], '1\n{"a":2}\n')).toEqual([1, { a: 2 }]);
    expect(await outputs([], 'abc\r\n1\n')).toEqual(['abc', '1']);
    expect(await outputs(['--format', 'text'], '1\n')).toEqual(['1']);
    const bad = await run(['map', 'shout.ts', '--format', 'ndjson'], { stdin: '1\n\nabc\n' });
    expect(bad).toMatchObject({ status: 6, stderr: expect.stringContaining('line 3 is no JSON') });
    expect(ndjson(bad.stdout)).toMatchObject([{ unit: 0, input: 1 }]);
    const mixed = await run(['map', 'shout.ts'], { stdin: '1\nabc\n' });
    expect(mixed).toMatchObject({ status: 6, stderr: expect.stringMatching(/line 2 is no JSON.*--format text/) });
    expect(newest()).toMatchObject({ state: 'completed', inputs: [1] });
    const none = await run(['map', 'shout.ts'], { stdin: '\n' });
    expect(none).toMatchObject({ stdout: '', stderr: expect.stringContaining('there are no inputs') });
  });

  it('CL75: a line that is no UTF-8 is told with its number, after the results of those before it; other separators stand in texts', async () => {
    const bad = await run(['map', 'shout.ts', '--quiet'], {
      stdin: Buffer.from('"é"\n\n"gr\xfc\xdf"\n"z"\n', 'latin1'),
    });
    expect(bad).toMatchObject({ status: 6, stderr: expect.stringContaining('line 1 is no text in UTF-8') });
    const later = Buffer.concat([Buffer.from('\uFEFF"a\u2028b"\n"é"\n'), Buffer.from([0x22, 0xfc, 0x22, 0x0a])]);
    const { status, stdout, stderr } = await run(['map', 'shout.ts', '--quiet'], { stdin: later });
    expect([status, stderr]).toEqual([6, expect.stringContaining('line 3 is no text in UTF-8')]);
    expect(ndjson(stdout)).toMatchObject([{ output: 'A\u2028B' }, { output: 'É' }]);
  });

  it('CL70: results come while standard input still stays open, and the job ends with it', async () => {
    const { child, done } = start(['map', 'double.ts', '--quiet']);
    let seen = '';
    child.stdout!.on('data', (chunk) => (seen += String(chunk)));
    for (let n = 1; n <= 3; n++) {
      child.stdin!.write(`${n}\n`);
      await until(() => ndjson(seen).length === n);
      expect(newest().isOpen).toBe(true);
    }
    expect(ndjson(seen)).toEqual([1, 2, 3].map((n) => ({ unit: n - 1, input: n, output: n * 2 })));
    // Without an end of its own, too.
    child.stdin!.end('4');
    expect(ndjson((await done).stdout).at(-1)).toEqual({ unit: 3, input: 4, output: 8 });
    expect(newest()).toMatchObject({ state: 'completed', isOpen: false });
  });

  it('CL71: back-pressure: whoever takes no results is taken no more lines from than a window holds', async () => {
    coordinator.compute = false;
    const before = coordinator.jobs.length;
    const { child, done } = start(['map', 'double.ts', '--quiet']);
    const line = `${'1'.repeat(9)}\n`.repeat(1000);
    let lines = 0;
    let blocked = false;
    const pump = async (): Promise<void> => {
      for (;;) {
        lines += 1000;
        if (child.stdin!.write(line)) continue;
        blocked = true;
        await new Promise((go) => child.stdin!.once('drain', go));
        blocked = false;
      }
    };
    child.stdin!.on('error', () => undefined);
    void pump();
    await until(() => coordinator.jobs.length > before && newest().inputs.length === 65_536);
    await until(() => blocked);
    const taken = lines;
    await new Promise((settle) => setTimeout(settle, 500));
    expect([blocked, lines]).toEqual([true, taken]);
    expect(newest().inputs).toHaveLength(65_536);
    // Results that are taken make room, when a quarter of the window is free.
    for (let unit = 0; unit < 20_000; unit++) newest().results.push({ unit, cursor: `c${unit + 1}`, output: 1 });
    newest().emit('change');
    await until(() => newest().inputs.length > 65_536 + 16_000);
    child.kill('SIGINT');
    expect(await done).toMatchObject({ status: 130 });
    expect(newest()).toMatchObject({ state: 'cancelled', reason: 'interrupted by its submitter' });
  });

  it('CL72: Ctrl-C ends it while it waits for a line, and a reader that goes away while lines come', async () => {
    coordinator.compute = false;
    const before = coordinator.jobs.length;
    const idle = start(['map', 'double.ts', '--quiet']);
    idle.child.stdin!.write('1\n');
    await until(() => coordinator.jobs.length > before && newest().listenerCount('change') > 0);
    idle.child.kill('SIGINT');
    expect(await idle.done).toMatchObject({ status: 130, stdout: '' });
    coordinator.compute = true;
    const { child, done } = start(['map', 'shout.ts', '--quiet', '--format', 'text']);
    child.stdin!.on('error', () => undefined);
    child.stdout!.once('data', () => child.stdout!.destroy());
    for (let n = 0; n < 200 && child.exitCode === null; n++) {
      child.stdin!.write(`${'x'.repeat(1000)}\n`);
      await new Promise((settle) => setTimeout(settle, 10));
    }
    expect(await done).toMatchObject({ status: 0, stderr: '' });
    expect(newest()).toMatchObject({ state: 'cancelled', reason: 'the reader of its results went away' });
  });

  it('CL74: a pipe that was killed leaves its job open, which `jobs close` brings to its end', async () => {
    const { child, done } = start(['map', 'double.ts', '--quiet']);
    let seen = '';
    child.stdout!.on('data', (chunk) => (seen += String(chunk)));
    child.stdin!.write('1\n');
    await until(() => ndjson(seen).length === 1);
    child.kill('SIGKILL');
    await done;
    expect(newest()).toMatchObject({ state: 'running', isOpen: true });
    const closed = await run(['jobs', 'close', newest().id, '--json']);
    expect(ndjson(closed.stdout)).toMatchObject([{ id: newest().id, state: 'completed', inputs: 'closed' }]);
  });

  it('CL73: in the middle of a pipe a restart of the coordinator loses and repeats nothing', async () => {
    const { child, done } = start(['map', 'double.ts', '--quiet', '--ordered']);
    let seen = '';
    child.stdout!.on('data', (chunk) => (seen += String(chunk)));
    for (let n = 0; n < 30; n++) {
      child.stdin!.write(`${n}\n`);
      if (n % 10 === 5) coordinator.cut();
      if (n === 17) {
        await coordinator.stop();
        await coordinator.start();
      }
      await until(() => ndjson(seen).length === n + 1);
    }
    child.stdin!.end();
    const { status, stdout } = await done;
    expect(status).toBe(0);
    expect(ndjson(stdout)).toEqual(Array.from({ length: 30 }, (_, n) => ({ unit: n, input: n, output: n * 2 })));
  });

  it('CL3: a range, a file of lines and records of a file are inputs too', async () => {
    const range = await run(['map', 'double.ts', '--range', '10..16..2', '--params', '{"by":10}', '--quiet']);
    expect(ndjson(range.stdout)).toMatchObject([{ input: 10, output: 100 }, { output: 120 }, { output: 140 }]);
    expect(range.stderr).toBe('');
    const lines = await run(['map', 'double.ts', '--input', write('in.ndjson', '5\n6\n')]);
    expect(ndjson(lines.stdout)).toEqual([
      { unit: 0, output: 10 },
      { unit: 1, output: 12 },
    ]);
    const records = await run(['map', 'bytes.ts', '--input', write('in.bin', 'abcdef'), '--records', '3']);
    expect(ndjson(records.stdout)).toEqual([
      { unit: 0, bytes: Buffer.from('cba').toString('base64') },
      { unit: 1, bytes: Buffer.from('fed').toString('base64') },
    ]);
  });

  it('CL3: so are rows of a table, from a file or standard input, and every combination of parameters', async () => {
    write('show.ts', 'export const run = (x: unknown) => x;');
    for (const [name, text] of [
      ['in.csv', 'a,b\n1,x\n'],
      ['in.tsv', 'a\tb\n1\tx\n'],
    ] as const) {
      const table = await run(['map', 'show.ts', '--input', write(name, text)]);
      expect(ndjson(table.stdout)).toEqual([{ unit: 0, output: { a: 1, b: 'x' } }]);
    }
    const piped = await run(['map', 'show.ts', '--format', 'csv'], { stdin: 'a\n7\n' });
    expect(ndjson(piped.stdout)).toEqual([{ unit: 0, output: { a: 7 } }]);
    await run(['map', 'show.ts', '--no-header', '--input', write('bare.csv', '1,2\n')]);
    expect(newest().spec.source).toMatchObject({ kind: 'csv', header: false });
    const axes = ['--axis', 'mode=fast,2', '--axis', 'n=0..4..2', '--axis', 'deep=[{"x": "1,2"}]'];
    const all = await run(['map', 'show.ts', ...axes]);
    const expected = ['fast', 2].flatMap((mode) => [0, 2].map((n) => ({ mode, n, deep: { x: '1,2' } })));
    expect(ndjson(all.stdout)).toEqual(expected.map((input, unit) => ({ unit, input, output: input })));
  });

  it('CL87: an array in a .json file, or with --format json, is a list of inputs; JSON over several lines is no text', async () => {
    const list = JSON.stringify([1, { a: 'é' }, [2]], null, 2);
    const expected = [1, { a: 'é' }, [2]].map((input, unit) => ({ unit, input, output: input }));
    write('show.ts', 'export const run = (x: unknown) => x;');
    for (const args of [
      ['--input', write('in.json', `\uFEFF${list}`)],
      ['--input', write('list.txt', list), '--format', 'json'],
      ['--format', 'json'],
    ]) {
      const mapped = await run(['map', 'show.ts', ...args], { stdin: list });
      expect(ndjson(mapped.stdout)).toEqual(expected);
    }
    for (const stdin of [list, '\n  {\n "a": 1 }\n']) {
      const jobs = coordinator.jobs.length;
      const piped = await run(['map', 'show.ts'], { stdin });
      expect(piped).toMatchObject({ status: 6, stdout: '' });
      expect(piped.stderr).toMatch(/line \d is "[[{]", as where JSON is written over several lines.*--format json/);
      expect(coordinator.jobs).toHaveLength(jobs);
    }
    const text = await run(['map', 'show.ts', '--format', 'text'], { stdin: '[\n' });
    expect(ndjson(text.stdout)).toEqual([{ unit: 0, input: '[', output: '[' }]);
  });

  it('CL86: what says how results are written is refused where none are', async () => {
    const jobs = coordinator.jobs.length;
    for (const flag of [['--ordered'], ['--save', 'out']]) {
      const made = await run(['map', 'double.ts', '--range', '0..2', '--detach', ...flag]);
      expect(made).toMatchObject({ status: 2, stderr: expect.stringContaining('to `gossamer jobs results` later') });
    }
    expect(coordinator.jobs).toHaveLength(jobs);
  });

  it('CL88: records begin at --offset, and are typed arrays by --type', async () => {
    const input = ['--input', write('in.f64', 'a head, then cells'), '--records', '8'];
    await run(['map', 'bytes.ts', ...input, '--offset', '2', '--overlap', '4', '--type', 'float32', '--detach']);
    const shape = { kind: 'records', bytes: 8, offset: 2, overlap: 4, type: 'float32' };
    expect(newest().spec.source).toMatchObject(shape);
    await run(['map', 'bytes.ts', ...input, '--detach']);
    expect(newest().spec.source).toEqual({
      kind: 'records',
      blob: expect.any(String),
      bytes: 8,
      offset: 0,
      overlap: 0,
    });
  });

  it('CL89: that lines of a file are taken as texts is said where the first would be something else as JSON', async () => {
    const told = async (text: string, ...args: string[]) =>
      (await run(['map', 'shout.ts', '--detach', '--input', write('lines.dat', text), ...args])).stderr;
    expect(await told('\n7\n8\n')).toContain('lines.dat: its lines are inputs as texts, such as "7"; --format ndjson');
    expect(await told('abc\n7\n')).not.toContain('texts');
    expect(await told('7\n', '--format', 'text')).not.toContain('texts');
    expect(await told('7\n', '--format', 'ndjson')).not.toContain('texts');
  });

  it('TA9: a typed array is told with its type', async () => {
    write('halves.ts', 'export const run = (x: number) => new Float32Array([x / 2]);');
    const { stdout } = await run(['map', 'halves.ts', '--range', '1..2']);
    const bytes = Buffer.from(new Float32Array([0.5]).buffer).toString('base64');
    expect(ndjson(stdout)).toEqual([{ unit: 0, input: 1, bytes, type: 'float32' }]);
  });

  it('CL4: failed units are lines with `error`, and the status is 1', async () => {
    const { status, stdout, stderr } = await run(['map', 'odd.ts', '--range', '1..4']);
    expect(status).toBe(1);
    expect(ndjson(stdout)).toMatchObject([
      { unit: 0, output: 1 },
      { unit: 1, input: 2, error: 'Error: even: 2' },
      { output: 3 },
    ]);
    expect(stderr).toMatch(/1 failed/);
  });

  it('CL5: --ordered gives results in the order of the inputs, as early as it can', async () => {
    coordinator.compute = false;
    const before = coordinator.jobs.length;
    const { child, done } = start(['map', 'double.ts', '--range', '0..3', '--ordered']);
    let seen = '';
    child.stdout!.on('data', (chunk) => (seen += String(chunk)));
    await until(() => coordinator.jobs.length > before);
    newest().finish(1, { output: 'b' });
    newest().finish(0, { output: 'a' });
    await until(() => ndjson(seen).length === 2);
    newest().finish(2, { output: 'c' });
    expect(ndjson((await done).stdout).map((line) => (line as { unit: number }).unit)).toEqual([0, 1, 2]);
  });

  it('CL6: the first Ctrl-C cancels the job with a reason; the status is 130', async () => {
    coordinator.compute = false;
    const before = coordinator.jobs.length;
    const { child, done } = start(['map', 'double.ts', '--range', '0..3']);
    await until(() => coordinator.jobs.length > before && newest().listenerCount('change') > 0);
    newest().finish(0, { output: 1 });
    child.kill('SIGINT');
    const { status, stdout, stderr } = await done;
    expect(status).toBe(130);
    expect(newest()).toMatchObject({ state: 'cancelled', reason: 'interrupted by its submitter' });
    expect(stderr).toContain('is cancelled');
    expect(ndjson(stdout).length).toBeLessThanOrEqual(1);
  });

  it('CL7: a reader that goes away ends the command without noise, and cancels the job', async () => {
    coordinator.compute = false;
    const before = coordinator.jobs.length;
    const { child, done } = start(['map', 'double.ts', '--range', '0..100000', '--quiet']);
    await until(() => coordinator.jobs.length > before && newest().listenerCount('change') > 0);
    newest().finish(0, { output: 'x'.repeat(1000) });
    child.stdout!.once('data', () => child.stdout!.destroy());
    for (let unit = 1; unit < 2000 && newest().state === 'running'; unit++) {
      newest().finish(unit, { output: 'x'.repeat(1000) });
      await new Promise((settle) => setTimeout(settle, 2));
    }
    expect(await done).toMatchObject({ status: 0, stderr: '' });
    expect(newest()).toMatchObject({ state: 'cancelled', reason: 'the reader of its results went away' });
  });

  it('CL8: --detach prints the id and leaves the job running', async () => {
    coordinator.compute = false;
    const { status, stdout } = await run(['map', 'double.ts', '--range', '0..3', '--detach']);
    expect(status).toBe(0);
    expect(stdout).toBe(`${newest().id}\n`);
    expect(newest().state).toBe('running');
  });

  it('CL9: a coordinator that restarts in the middle loses and repeats nothing', async () => {
    coordinator.compute = false;
    const before = coordinator.jobs.length;
    const { child, done } = start(['map', 'double.ts', '--range', '0..20']);
    let seen = '';
    child.stdout!.on('data', (chunk) => (seen += String(chunk)));
    await until(() => coordinator.jobs.length > before);
    for (let unit = 0; unit < 10; unit++) newest().finish(unit, { output: unit });
    await until(() => ndjson(seen).length === 10);
    await coordinator.stop();
    for (let unit = 10; unit < 20; unit++) newest().finish(unit, { output: unit });
    await coordinator.start();
    const { status, stdout } = await done;
    expect(status).toBe(0);
    expect(ndjson(stdout).map((line) => (line as { unit: number }).unit)).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    );
  });

  it('CL10: a job that is cancelled elsewhere gives what is final; the status is 1', async () => {
    coordinator.compute = false;
    const before = coordinator.jobs.length;
    const { done } = start(['map', 'double.ts', '--range', '0..3']);
    await until(() => coordinator.jobs.length > before);
    newest().finish(2, { output: 9 });
    newest().become('cancelled', 'out of money');
    const { status, stdout, stderr } = await done;
    expect(status).toBe(1);
    expect(ndjson(stdout)).toEqual([{ unit: 2, input: 2, output: 9 }]);
    expect(stderr).toContain('out of money');
  });
});
