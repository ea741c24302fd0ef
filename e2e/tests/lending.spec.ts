import { range } from '@gossamer/sdk/node';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium } from '../../scripts/lib/chromium.mjs';
import { startCommand } from '../support/command.ts';
import type { Coordinator } from '../support/coordinator.ts';
import { SQUARE } from '../support/programs.ts';
import { expect, test } from '../support/test.ts';
import { gather, until } from '../support/wait.ts';

/** Longer than everything around it. */
const LONGER = 20_000;

interface Shown {
  state: string;
  verified: number;
}

/** Where browsers have their profiles: a path of theirs may not be long. */
const withFolder = async <Result>(use: (folder: string) => Promise<Result>): Promise<Result> => {
  const folder = mkdtempSync(join(tmpdir(), 'gossamer-lent-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
};

/** Profiles that are left there; what a killed browser itself leaves behind is its own. */
const profiles = (folder: string): string[] => readdirSync(folder).filter((name) => name.startsWith('gossamer-'));

/** The command, with a folder for what is removed with it, and what it has said. */
const volunteer = async (coordinator: Coordinator, folder: string, ...args: string[]) => {
  const env = { GOSSAMER_CHROMIUM: (await ensureChromium()).path, TMPDIR: folder };
  const child = startCommand(coordinator, ['volunteer', ...args], env);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (said.out += String(chunk)));
  child.stderr.on('data', (chunk) => (said.err += String(chunk)));
  return {
    child,
    said,
    shown: (): Shown[] => {
      const last = said.out.trimEnd().split('\n').at(-1)!;
      return last === '' ? [] : (JSON.parse(last) as { tabs: Shown[] }).tabs;
    },
    /** Browsers that it has started. */
    browsers: (): number[] =>
      execFileSync('ps', ['-eo', 'pid,ppid'], { encoding: 'utf8' })
        .trim()
        .split('\n')
        .map((line) => line.trim().split(/\s+/).map(Number))
        .flatMap(([pid, parent]) => (parent === child.pid ? [pid!] : [])),
  };
};

const ended = async (child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> => {
  const closed = once(child, 'close') as Promise<[number | null]>;
  child.kill(signal);
  return (await closed)[0];
};

const sessions = (coordinator: Coordinator, count: number) =>
  until(
    `${count} devices`,
    async () => (await coordinator.view()).sessions,
    (now) => now === count,
    120_000,
  );

test('E47: a command lends tabs without a window that confirm each other; a browser that dies is replaced, and at its end work goes back', ({
  coordinator,
}) =>
  withFolder(async (folder) => {
    const lent = await volunteer(coordinator, folder, '--tabs', '2', '--slots', '1', '--json');
    const job = await coordinator.grid.map(range(0, 20), SQUARE, { quorum: 2, params: { work: 5 } });
    expect((await job.done()).units).toMatchObject({ validated: 20, failed: 0 });
    expect((await gather(job.results())).map(({ output }) => (output as { square: number }).square)).toContain(361);
    await until('both tabs show it', lent.shown, (tabs) => tabs.every(({ verified }) => verified === 20), 60_000);

    // Of its two browsers one is killed.
    const [victim] = lent.browsers();
    process.kill(victim!, 'SIGKILL');
    await until(
      'it is said',
      () => lent.said.err,
      (text) => text.includes('it is opened again'),
      60_000,
    );
    await until('the new one', lent.browsers, (pids) => pids.length === 2 && !pids.includes(victim!), 60_000);
    await sessions(coordinator, 2);

    const long = await coordinator.grid.map(range(3, 4), SQUARE, {
      quorum: 1,
      params: { work: LONGER },
      limits: { deadlineMs: 600_000 },
    });
    const attempts = async () => (await long.unit(0)).attempts.map(({ state }) => state);
    await until('it runs', attempts, (states) => states.includes('leased'), 60_000);
    expect(await ended(lent.child, 'SIGTERM'), lent.said.err).toBe(0);
    // At once, also what one tab gave back and the other one, on its way out, too, was leased: what is missed stays leased for the
    // grace.
    expect([await attempts(), (await long.view()).attempts]).toMatchObject([[], { expired: 0 }]);
    await sessions(coordinator, 0);
    await until(
      'no profile is left',
      () => profiles(folder),
      ({ length }) => length === 0,
      30_000,
    );
    await long.cancel('the test is over');
  }));

test('E47: with a profile the device is the same the next time; a second browser there is refused with words', ({
  coordinator,
}) =>
  withFolder(async (parent) => {
    const [folder, profile] = [join(parent, 'tmp'), join(parent, 'profile')];
    mkdirSync(folder);
    const args = ['--profile', profile, '--json'];
    const first = await volunteer(coordinator, folder, ...args);
    await sessions(coordinator, 1);
    const second = await volunteer(coordinator, folder, ...args);
    const [status] = (await once(second.child, 'close')) as [number];
    expect([status, second.said.err]).toEqual([2, expect.stringMatching(/another browser has this profile open/)]);
    expect(await ended(first.child, 'SIGINT'), first.said.err).toBe(0);
    await sessions(coordinator, 0);

    const again = await volunteer(coordinator, folder, ...args);
    await sessions(coordinator, 1);
    expect(await coordinator.devices()).toHaveLength(1);
    expect(await ended(again.child, 'SIGTERM'), again.said.err).toBe(0);
  }));

test('E47: npm start brings tabs of its own, which end with it', ({ coordinator }) =>
  withFolder(async (folder) => {
    // The same port and directory, started as an operator would.
    await coordinator.end('SIGTERM');
    const start = new URL('../../scripts/start.mjs', import.meta.url).pathname;
    const child = spawn(process.execPath, [start, '--tabs', '1'], {
      env: { ...process.env, TMPDIR: folder, GOSSAMER_PORT: String(coordinator.port), GOSSAMER_DATA: coordinator.data },
    });
    let said = '';
    child.stdout.on('data', (chunk) => (said += String(chunk)));
    child.stderr.on('data', (chunk) => (said += String(chunk)));
    const view = async () => coordinator.view().catch(() => null);
    await until('its tab', view, (seen) => seen?.sessions === 1, 120_000);
    expect(await ended(child, 'SIGTERM'), said).toBe(0);
    expect(said).toContain('A tab of a browser without a window will volunteer');
    expect(said).not.toContain('have ended');
    await until(
      'no profile is left',
      () => profiles(folder),
      ({ length }) => length === 0,
      30_000,
    );
  }));
