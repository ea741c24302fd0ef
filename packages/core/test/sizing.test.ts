import { LIMITS } from '@gossamer/protocol';
import { describe, expect, it } from 'vitest';
import { exchange, unitCounts } from '../src/index.ts';
import { done, Grid } from './grid.ts';

const warm = (runMs: number, total = 1_000_000, slots = 1, rounds = 4) => {
  const grid = new Grid({ leaseTargetMs: 2000 });
  const job = grid.job({ total, quorum: 1 });
  const a = grid.join(1, slots);
  // A device proves its speed step by step.
  for (let round = 0; round < rounds; round++) grid.send(a, done(grid.mustTake(a), '1', { runMs }));
  return { grid, job, a };
};

describe('the size of a lease', () => {
  it('SZ1: a device whose speed is not known gets one unit', () => {
    const grid = new Grid();
    grid.job({ total: 1000, quorum: 1 });
    expect(grid.mustTake(grid.join(1)).units).toHaveLength(1);
  });

  it('SZ1: then a lease fills its target at the measured speed', () => {
    for (const [runMs, units] of [
      [10, 200],
      [400, 5],
      [5000, 1],
    ] as const) {
      const { grid, a } = warm(runMs);
      expect(grid.mustTake(a).units).toHaveLength(units);
    }
  });

  it('SZ1: the measure follows the device, and is kept by device and job', () => {
    const { grid, a } = warm(10);
    for (let round = 0; round < 40; round++) grid.send(a, done(grid.mustTake(a), '1', { runMs: 1500 }));
    expect(grid.mustTake(a).units).toHaveLength(2);
    expect(grid.mustTake(grid.join(2)).units).toHaveLength(1);
  });

  it('SZ1: a lease that waited and is reported in parts is measured as a whole', () => {
    const { grid, a } = warm(10);
    for (let round = 0; round < 10; round++) {
      const lease = grid.mustTake(a);
      // It was fetched while the one before it ran.
      grid.now += 2000;
      for (let from = 0; from < lease.units.length; from += 25) {
        const offsets = Array.from({ length: Math.min(25, lease.units.length - from) }, (_, n) => from + n);
        grid.now += offsets.length * 10;
        grid.send(a, done(lease, '1', { runMs: 10, offsets }));
      }
    }
    expect(grid.mustTake(a).units.length).toBeGreaterThan(150);
  });

  it('SZ10: a job may say how long its leases take', () => {
    for (const [chunkSeconds, units] of [
      [0.5, 50],
      [8, 800],
      [null, 200],
    ] as const) {
      const grid = new Grid({ leaseTargetMs: 2000 });
      grid.job({ total: 1_000_000, quorum: 1, chunkSeconds });
      const a = grid.join(1);
      for (let round = 0; round < 6; round++) grid.send(a, done(grid.mustTake(a), '1', { runMs: 10 }));
      expect(grid.mustTake(a).units).toHaveLength(units);
    }
  });

  it('SZ12: it grows at most 64 times with each lease that comes back', () => {
    const { grid, a } = warm(1, 1_000_000, 1, 1);
    expect(grid.mustTake(a).units).toHaveLength(64);
  });

  it('SZ1: the units of a long lease outweigh the first one, which took as long as the start of its worker', () => {
    const { grid, a } = warm(400, 1_000_000, 1, 1);
    const lease = grid.mustTake(a);
    expect(lease.units).toHaveLength(5);
    grid.send(a, done(lease, '1', { runMs: 1 }));
    expect(grid.mustTake(a).units.length).toBeGreaterThan(25);
  });

  it('SZ5: what a device claims is held against the clock: nothing is gained by too little, or by centuries', () => {
    const sizes = [0, 1000, 0xffff_ffff].map((claimed) => {
      const grid = new Grid({ leaseTargetMs: 2000 });
      grid.job({ total: 1_000_000, quorum: 1 });
      const a = grid.join(1);
      for (let round = 0; round < 6; round++) {
        const lease = grid.mustTake(a);
        const report = done(lease, '1', { runMs: claimed });
        const before = grid.now;
        // The clock of the coordinator goes its own way, whatever the device says.
        grid.now = before + 1000 * lease.units.length;
        grid.run((effects) =>
          exchange(grid.scheduler, a, { slots: 0, held: [], reports: [report] }, grid.now, effects),
        );
      }
      return grid.mustTake(a).units.length;
    });
    expect(sizes[0]).toBeLessThanOrEqual(4 * sizes[1]!);
    expect(sizes[2]).toBeLessThanOrEqual(sizes[1]!);
  });

  it('SZ2: a device that claims no time at all gets no more than a lease may hold', () => {
    const { grid, a, job } = warm(0);
    expect(grid.mustTake(a).units).toHaveLength(LIMITS.leaseUnits);
    job.leaseCap = 7;
    expect(grid.mustTake(a).units).toHaveLength(7);
  });

  it('SZ3: in the tail a lease leaves something for every other slot', () => {
    const { grid, a } = warm(100, 41, 1, 1);
    grid.join(2, 3);
    expect(grid.mustTake(a).units).toHaveLength(5);
    let last = 5;
    for (let lease = grid.take(a); lease !== undefined; lease = grid.take(a)) {
      expect(lease.units.length).toBeLessThanOrEqual(last);
      last = lease.units.length;
    }
    expect(last).toBe(1);
  });

  it('SZ11: what is left is not cut into leases that are not worth a start', () => {
    const { grid, a } = warm(1, 1191, 1, 1);
    const b = grid.join(2, 3);
    grid.send(a, done(grid.mustTake(a), '1', { runMs: 1 }));
    grid.send(b, done(grid.mustTake(b), '1', { runMs: 1 }));
    const sizes: number[] = [];
    for (let lease = grid.take(a); lease !== undefined; lease = grid.take(a)) sizes.push(lease.units.length);
    expect(sizes.at(-1)).toBeGreaterThanOrEqual(100);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(1191 - 1 - 64 - 1);
    expect(sizes.length).toBeGreaterThan(4);
  });

  it('SZ4: a job of 10^9 units costs what was cut of it, and its first lease comes at once', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1_000_000_000 });
    grid.mustTake(grid.join(1));
    expect(job.units.length).toBeLessThan(5000);
    expect(job.units.head.length).toBeLessThan(5000);
    expect(unitCounts(job)).toMatchObject({ total: 1_000_000_000, active: 1, pending: 999_999_999 });
    expect(grid.kinds(job)).toEqual(['created', 'cut']);
    grid.restart();
    expect(grid.of(job).units.length).toBe(job.units.length);
  });

  it('SZ4: the last cut is no larger than the source', () => {
    const grid = new Grid();
    const job = grid.job({ total: 3, quorum: 1 });
    const a = grid.join(1, 8);
    expect(grid.exchange(a, { slots: 8 }).given.map(({ units }) => units[0])).toEqual([0, 1, 2]);
    expect([job.units.length, job.units.head.length]).toEqual([3, 3]);
  });
});
