import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { until } from '@gossamer/sdk/testing';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ndjson, useGossamer } from './gossamer.ts';
import { useCoordinator } from './real-grid.ts';
import { Screen } from './screen.ts';

const { coordinator, folder, main, run, start, write } = useGossamer();
const real = useCoordinator(folder);
const newest = () => coordinator.jobs.at(-1)!;
const terminals = new Set<ChildProcess>();

beforeAll(() => write('double.ts', 'export const run = (x: number) => x * 2;'));
afterEach(() => {
  for (const child of terminals) child.kill('SIGKILL');
  terminals.clear();
});

/** The command on a real terminal of its own, which `script` gives it. */
const onTerminal = (args: string[], env: Record<string, string>, columns = 50) => {
  const line = `tty; stty cols ${columns} rows 20 -echo; exec "${process.execPath}" "${main}" ${args.join(' ')}`;
  const child = spawn('script', ['-qefc', line, '/dev/null'], {
    cwd: folder,
    env: { PATH: process.env['PATH']!, TERM: 'xterm-256color', SHELL: '/bin/sh', ...env },
  });
  terminals.add(child);
  const screen = new Screen(columns, 20);
  let pty = '';
  child.stdout.on('data', (chunk) => {
    // The first line is the terminal's name.
    const text = String(chunk).replaceAll('\r\n', '\n');
    const name = pty === '' ? /^(\/dev\/\S+)\n/.exec(text) : null;
    if (name !== null) pty = name[1]!;
    screen.write(name === null ? text : text.slice(name[0].length));
  });
  const done = new Promise<number | null>((settle) => child.on('close', (status) => settle(status)));
  const resize = (to: number): void => {
    screen.resize(to);
    execFileSync('stty', ['-F', pty, 'cols', String(to)]);
  };
  return { screen, done, resize, press: (keys: string) => child.stdin.write(keys) };
};

const env = () => ({ GOSSAMER_URL: coordinator.url, GOSSAMER_KEY: 'gsk_test_submitter_0123456789' });

const create = async (): Promise<string> => {
  const { stdout } = await run(['jobs', 'create', 'double.ts', '--range', '0..4', '--detach', '--name', 'four']);
  return stdout.trim();
};

describe.runIf(process.platform === 'linux')('gossamer watch on a terminal', () => {
  it('CL42: one view is drawn in place from the first unit to the last, through a change of the size', async () => {
    const id = await create();
    const { screen, done, resize } = onTerminal(['watch', id], env());
    await until(() => screen.text.includes('0/4 units'));
    newest().finish(0, { output: 1 });
    newest().finish(1, { error: 'no' });
    await until(() => screen.text.includes('2/4 units  1 failed'));
    expect(screen.text.match(/units/g)).toHaveLength(1);
    expect(screen.written).toContain('\x1b[3');
    resize(24);
    await until(() => /^\[#{7}\.{7}\] {2}50 %$/m.test(screen.text));
    newest().finish(2, { output: 1 });
    newest().finish(3, { output: 1 });
    expect(await done).toBe(1);
    const lines = screen.text.split('\n');
    expect(lines[0]).toBe('four  completed');
    expect(lines.filter((line) => line.includes('units'))).toEqual(['4/4 units  1 failed']);
  }, 120_000);

  it('CL115: on one terminal the results of map stand on lines of their own, below them its progress', async () => {
    coordinator.compute = true;
    const { screen, done } = onTerminal(['map', 'double.ts', '--range', '0..3', '--quorum', '1'], env(), 70);
    expect(await done).toBe(0);
    coordinator.compute = false;
    const lines = screen.text.split('\n').filter((line) => line.trim() !== '');
    const results = lines.filter((line) => line.includes('"unit"'));
    expect(results.map((line) => JSON.parse(line) as object)).toEqual(
      [0, 1, 2].map((unit) => ({ unit, input: unit, output: 2 * unit })),
    );
    expect(lines.filter((line) => line.includes('3/3 units'))).toHaveLength(1);
  }, 120_000);

  it('CL42: NO_COLOR leaves colours out, and a dumb terminal gets lines', async () => {
    const id = await create();
    const plain = onTerminal(['watch', id], { ...env(), NO_COLOR: '1' });
    const dumb = onTerminal(['watch', id], { ...env(), TERM: 'dumb' });
    await until(() => plain.screen.text.includes('0/4 units') && dumb.screen.text.includes('0/4 units'));
    for (let unit = 0; unit < 4; unit++) newest().finish(unit, { output: 1 });
    expect([await plain.done, await dumb.done]).toEqual([0, 0]);
    expect(plain.screen.text).toContain('four  completed');
    expect(plain.screen.sequences.filter((sequence) => sequence.endsWith('m'))).toEqual([]);
    expect(dumb.screen.written).not.toContain('\x1b');
    expect(dumb.screen.text.match(/units/g)!.length).toBeGreaterThan(1);
  }, 120_000);

  it('CL44: Ctrl-C leaves the job running and says how to follow it again', async () => {
    const id = await create();
    const { screen, done, press } = onTerminal(['watch', id], env(), 200);
    await until(() => screen.text.includes('0/4 units'));
    press('\x03');
    expect(await done).toBe(130);
    expect(screen.text).toContain(`${id} goes on; \`gossamer watch ${id}\` follows it again`);
    expect(newest().state).toBe('running');
  }, 120_000);

  it('CL45: the real coordinator is followed through kill -9, and the view says that it is waited for', async () => {
    const created = await run(['jobs', 'create', 'double.ts', '--range', '0..4', '--detach'], { env: real.env() });
    const id = created.stdout.trim();
    const { screen, done } = onTerminal(['watch', id], real.env(), 100);
    await until(() => screen.text.includes('0/4 units') && screen.text.includes('0 devices on the grid'));
    await real.killCoordinator();
    await until(() => screen.text.includes('the coordinator is away: waiting for it'));
    await real.startCoordinator();
    await until(() => !screen.text.includes('away'));
    await run(['jobs', 'cancel', id, '--reason', 'enough'], { env: real.env() });
    expect(await done).toBe(1);
    expect(screen.text).toContain('double.ts  cancelled: enough');
    expect(screen.text.match(/units/g)).toHaveLength(1);
  }, 180_000);
});

describe('gossamer watch elsewhere', () => {
  it('CL43: a line for what is new on standard error, and none for what has not changed', async () => {
    const id = await create();
    const { done } = start(['watch', id]);
    await until(() => newest().listenerCount('change') > 0);
    newest().emit('change');
    for (let unit = 0; unit < 4; unit++) newest().finish(unit, { output: 1 });
    const { status, stdout, stderr } = await done;
    expect([status, stdout]).toEqual([0, '']);
    const told = stderr.trimEnd().split('\n');
    expect(told.map((line) => /\d\/4/.exec(line)?.[0])).toEqual(['0/4', '4/4']);
    expect(told.at(-1)).toContain('completed');
  });

  it('CL44: an interrupt ends with 130 and says so, with --json on standard error, with --quiet not at all', async () => {
    const id = await create();
    for (const [flags, said] of [
      [[], 'goes on'],
      [['--json'], 'goes on'],
      [['--quiet'], ''],
    ] as const) {
      const before = newest().listenerCount('change');
      const { child, done } = start(['watch', id, ...flags]);
      await until(() => newest().listenerCount('change') > before);
      child.kill('SIGINT');
      const { status, stdout, stderr } = await done;
      expect([status, stderr === '' ? '' : stderr.includes(said)]).toEqual([130, said === '' ? '' : true]);
      for (const view of ndjson(stdout)) expect(view).toMatchObject({ id });
    }
    expect(newest().state).toBe('running');
  });

  it('CL13: create follows in the same way: with --json each state is an object', async () => {
    const before = coordinator.jobs.length;
    const { done } = start(['jobs', 'create', 'double.ts', '--range', '0..2', '--json']);
    await until(() => coordinator.jobs.length > before && newest().listenerCount('change') > 0);
    for (const unit of [0, 1]) newest().finish(unit, { output: 1 });
    const { status, stdout } = await done;
    expect(status).toBe(0);
    const views = ndjson(stdout) as { id: string; units: { validated: number } }[];
    expect(views.map(({ id, units }) => [id, units.validated])).toEqual([0, 1, 2].map((done) => [newest().id, done]));
  });
});
