import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Judge, type JudgeOptions } from '../src/index.ts';
import { equals, json, refused } from './programs.ts';

const open = (options?: JudgeOptions): Judge => {
  const judge = new Judge(options);
  onTestFinished(() => judge.close());
  return judge;
};

const one = json(1);
const honest = equals('return a === b');
const looping = equals('for (;;);');
/** Never looks at the clock. */
const stuck = equals('const x = []; x[4294967294] = 1; return x.indexOf(5) > 0');

describe('threads', () => {
  it.each([looping, stuck])('JD15: timers fire while a program hangs (%#)', async (attack) => {
    const judge = open({ limits: { timeMs: 300 } });
    await judge.equals(honest, one, one);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 10);
    const { reason } = await refused(judge.equals(attack, one, one));
    clearInterval(timer);
    expect(reason).toBe('time');
    expect(ticks).toBeGreaterThan(5);
  });

  it('JD16: calls that wait behind one that takes its thread along get their verdicts', async () => {
    const judge = open({ limits: { timeMs: 300 } });
    const attack = refused(judge.equals(stuck, one, one));
    const behind = [1, 2, 3].map((n) => judge.equals(honest, one, json(n)));
    expect((await attack).reason).toBe('time');
    expect(await Promise.all(behind)).toEqual([true, false, false]);
  });

  it('JD16: an answer that came while the event loop was busy is no hang', async () => {
    const judge = open({ limits: { timeMs: 300 } });
    await judge.equals(honest, one, one);
    // Behind this, the loop looks at its timers first, and then only at what threads have said.
    await new Promise((resolve) => setImmediate(resolve));
    const verdict = judge.equals(honest, one, one);
    // The call goes out within this turn of the loop, and its answer cannot come in before the next.
    for (let i = 0; i < 20; i++) await Promise.resolve();
    const until = performance.now() + 2500;
    while (performance.now() < until);
    expect(await verdict).toBe(true);
  });

  it('JD17: one thread has one call at a time, and more threads have more', async () => {
    const order: string[] = [];
    const ends = async (judge: Judge): Promise<string> => {
      order.length = 0;
      await Promise.all([judge.equals(honest, one, one), judge.equals(honest, one, one)]);
      const slow = refused(judge.equals(looping, one, one)).then(() => order.push('slow'));
      await Promise.all([slow, judge.equals(honest, one, one).then(() => order.push('fast'))]);
      return order.join();
    };
    const limits = { timeMs: 3000 };
    expect(await ends(open({ limits }))).toBe('slow,fast');
    expect(await ends(open({ limits, threads: 2 }))).toBe('fast,slow');
  });

  it('JD18: closing rejects the calls that run, those that wait and those that come', async () => {
    const judge = open();
    await judge.equals(honest, one, one);
    const pending = [looping, honest, honest].map((program) => refused(judge.equals(program, one, one)));
    await judge.close();
    for (const error of [...(await Promise.all(pending)), await refused(judge.equals(honest, one, one))]) {
      expect(error).toMatchObject({ reason: 'crashed', message: 'the judge is closed' });
    }
    await judge.close();
  });

  it('JD19: a judge that is idle keeps no process alive', async () => {
    const script = `
      const { Judge } = await import('@gossamer/judge');
      const value = { encoding: 0, body: new TextEncoder().encode('1') };
      const program = { sha256: 'x', text: 'export const equals = (a, b) => a === b' };
      console.log(await new Judge().equals(program, value, value));`;
    const args = ['--input-type=module', '--eval', script];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname, timeout: 30_000 });
    expect(stdout.trim()).toBe('true');
  });

  it('JD20: thousands of calls leave no memory behind', async () => {
    const judge = open();
    const throwing = equals('throw new Error("no")');
    const calls = async (count: number): Promise<number> => {
      for (let i = 0; i < count; i++) {
        if (i % 10 === 0) await refused(judge.equals(throwing, one, one));
        else await judge.equals(honest, one, one);
      }
      return process.memoryUsage().rss;
    };
    const before = await calls(300);
    expect(await calls(1000)).toBeLessThan(before * 1.5);
  });

  it.each([{ timeMs: 0 }, { timeMs: 1.5 }, { memoryBytes: 1000 }, { memoryBytes: 2 ** 32 }, { outputBytes: NaN }])(
    'JD21: limits that cannot be kept are refused: %j',
    (limits) => {
      expect(() => new Judge({ limits })).toThrow(RangeError);
    },
  );
});
