import type { Capabilities } from '@gossamer/protocol';
import { describe, expect, it } from 'vitest';
import { explainDevice, explainUnit, explainWaiting, unitState } from '../src/index.ts';
import { done, Grid, threw } from './grid.ts';
import { turn } from './trust.ts';

const device = (capabilities: Partial<Capabilities>) => ({
  capabilities: { memoryMb: null, cores: null, wasm: [], ...capabilities },
});

describe('requirements', () => {
  it.each([
    [{ memoryMb: 4096 }, { memoryMb: 2048 }, 'the job requires 4096 MB of memory, and the device has 2048 MB'],
    [{ memoryMb: 4096 }, {}, 'the job requires 4096 MB of memory, and the device does not say'],
    [{ cores: 4 }, { cores: 2 }, 'the job requires 4 cores, and the device has 2'],
    [{ cores: 4 }, {}, 'the job requires 4 cores, and the device does not say'],
    [{ wasm: ['simd' as const, 'gc' as const] }, { wasm: ['simd' as const] }, 'the job requires WebAssembly with gc'],
  ])('RQ1: a device that lacks %j, having %j, is given no units, and is told why', (requirements, has, why) => {
    const grid = new Grid();
    const job = grid.job({ requirements, quorum: 1 });
    const poor = grid.join(1, 1, device(has));
    expect(grid.take(poor)).toBeUndefined();
    expect(explainDevice(grid.scheduler, 1, grid.now)).toBe(`“${job.spec.name}”: ${why}.`);
    expect(explainWaiting(grid.scheduler, job, grid.now)).toBe(`Each connected device is kept from it: ${why}.`);
    const rich = grid.join(2, 1, device({ memoryMb: 4096, cores: 4, wasm: ['gc', 'simd', 'threads'] }));
    expect(grid.mustTake(rich).job).toBe(job.number);
  });

  it('RQ2: such a job does not hold up the others, and gives it no copies', () => {
    const grid = new Grid();
    const job = grid.job({ total: 2, quorum: 1, requirements: { cores: 4 }, priority: 5 });
    const other = grid.job({ total: 5, quorum: 1 });
    const [poor, rich] = [grid.join(1, 1, device({ cores: 2 })), grid.join(2, 1, device({ cores: 8 }))];
    expect(grid.mustTake(poor).job).toBe(other.number);
    for (let unit = 0; unit < 2; unit++) grid.mustTake(rich);
    grid.leave(rich);
    job.unitMs.set(1, 1);
    for (let at = 0; at < 6; at++) {
      grid.now += 1000;
      expect(grid.take(poor)?.job ?? other.number).toBe(other.number);
    }
  });
});

describe('the class of devices', () => {
  it('SC3: with sameClass, replicas of a unit stay in one class of browser', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, sameClass: true });
    const [a, fox, c] = [grid.join(1), grid.join(2, 1, { class: 'firefox' }), grid.join(3)];
    turn(grid, a);
    expect(grid.take(fox)).toBeUndefined();
    expect(explainDevice(grid.scheduler, 2, grid.now)).toContain('has another kind of browser than the one that has');
    grid.leave(c);
    expect(explainUnit(grid.scheduler, job, 0, grid.now)).toContain('or has another kind of browser');
    turn(grid, grid.join(3));
    expect(unitState(job, 0)).toBe('validated');
    const any = new Grid();
    any.job({ total: 1 });
    turn(any, any.join(1));
    expect(turn(any, any.join(2, 1, { class: 'firefox' }))).toEqual([0]);
  });
});

describe('errors of one device', () => {
  const erring = (others: number, wish = {}) => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 1, limits: { maxErrors: 2 }, ...wish });
    const bad = grid.join(1);
    const rest = Array.from({ length: others }, (_, at) => grid.join(at + 2));
    for (let error = 0; error < 2; error++) grid.send(bad, threw(grid.mustTake(bad), 'out of memory'));
    return { grid, job, bad, rest };
  };

  it('JU10: one device alone cannot fail a unit by its errors while another one is connected that may try', () => {
    const { grid, job, bad, rest } = erring(1);
    expect(unitState(job, 0)).toBe('pending');
    expect(grid.take(bad)).toBeUndefined();
    // The unit is kept for a moment from a device that was not measured.
    grid.now += 2000;
    expect(turn(grid, rest[0]!)).toEqual([0]);
    expect(unitState(job, 0)).toBe('validated');
  });

  it('JU10: when that one fails, too, it is the program', () => {
    const { grid, job, rest } = erring(2);
    grid.send(rest[0]!, threw(grid.mustTake(rest[0]!), 'the same'));
    expect(job.failures.get(0)).toBe('The program failed 3 times. Last error: the same');
  });

  it('JU10: alone it can', () => {
    expect(erring(0).job.failures.get(0)).toBe('The program failed 2 times. Last error: out of memory');
  });

  it('JU10: nor while another device computes the unit', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 2, limits: { maxErrors: 1 } });
    const [bad, good] = [grid.join(1), grid.join(2)];
    const [x, y] = [grid.mustTake(bad), grid.mustTake(good)];
    grid.leave(good);
    grid.send(bad, threw(x));
    expect(unitState(job, 0)).toBe('active');
    const third = grid.join(3);
    grid.send(grid.join(2), done(y));
    turn(grid, third);
    expect(unitState(job, 0)).toBe('validated');
  });
});
