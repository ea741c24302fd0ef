import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from '../lib/lock.mjs';

const LOCK = new URL('../lib/lock.mjs', import.meta.url).href;
let folder: string;
let lock: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gossamer-lock-'));
  lock = join(folder, 'a', 'setup.lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The pid of a process that has ended. */
const deadPid = (): number => spawnSync(process.execPath, ['-e', '0']).pid;

const finished = (script: string): Promise<number | null> =>
  new Promise((resolve) => {
    spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' }).once('close', resolve);
  });

describe('one set-up at a time', () => {
  it('SU1: processes that start together work one after another', async () => {
    const log = join(folder, 'log');
    const script = (name: string): string => `
      import { appendFileSync } from 'node:fs';
      import { setTimeout as sleep } from 'node:timers/promises';
      import { withLock } from ${JSON.stringify(LOCK)};
      await withLock(${JSON.stringify(lock)}, async () => {
        appendFileSync(${JSON.stringify(log)}, '${name} in\\n');
        await sleep(150);
        appendFileSync(${JSON.stringify(log)}, '${name} out\\n');
      });`;
    expect(await Promise.all(['a', 'b', 'c'].map((name) => finished(script(name))))).toEqual([0, 0, 0]);
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    expect(lines).toHaveLength(6);
    for (let i = 0; i < 6; i += 2) expect(lines[i + 1]).toBe(lines[i]?.replace('in', 'out'));
    expect(existsSync(lock)).toBe(false);
  });

  it('SU1: a lock whose owner has died is taken over by exactly one of several waiters', async () => {
    await withLock(lock, async () => {});
    writeFileSync(lock, String(deadPid()));
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 50));
      inside--;
    };
    await Promise.all([withLock(lock, work), withLock(lock, work), withLock(lock, work)]);
    expect(most).toBe(1);
  });

  it('SU1: the lock is given back when the work throws, and the waiter is told whom it waits for', async () => {
    const told: number[] = [];
    const failing = withLock(lock, async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      throw new Error('no');
    });
    const waiting = withLock(
      lock,
      async () => 'done',
      (pid: number) => void told.push(pid),
    );
    await expect(failing).rejects.toThrow('no');
    await expect(waiting).resolves.toBe('done');
    expect(told).toEqual([process.pid]);
  });
});
