import { REPORT_STATUS } from '@gossamer/protocol';
import { describe, expect, it } from 'vitest';
import {
  cancelJob,
  durableBytes,
  holdJob,
  jobState,
  relaxJob,
  releaseJob,
  unitCounts,
  unitState,
} from '../src/index.ts';
import { done, Grid, proved } from './grid.ts';

describe('orders', () => {
  it('OR1: a held job gives out no lease, its results still count, and a release wakes who waits', () => {
    const grid = new Grid();
    const job = grid.job({ total: 2, quorum: 1 });
    const [a, b] = [grid.join(1), grid.join(2)];
    const x = grid.mustTake(a);
    grid.run((effects) => holdJob(job, 'checking', grid.now, effects));
    expect([jobState(job), grid.take(b)]).toEqual(['held', undefined]);
    grid.send(a, done(x));
    expect(unitState(job, 0)).toBe('validated');
    grid.woken = false;
    grid.run((effects) => releaseJob(job, '', grid.now, effects));
    expect([jobState(job), grid.woken]).toEqual(['running', true]);
    expect(grid.serve().map(({ session }) => session)).toEqual([b]);
  });

  it('OR1: a held job completes by the results that come, and hold and release survive a crash', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 1 });
    const a = grid.join(1);
    const x = grid.mustTake(a);
    grid.run((effects) => holdJob(job, '', grid.now, effects));
    grid.restart();
    expect(jobState(grid.of(job))).toBe('held');
    grid.send(grid.join(1), proved(done(x), x));
    expect(jobState(grid.of(job))).toBe('completed');
  });

  it('OR1: units that were lost while their job was held are given out after it', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 1 });
    grid.mustTake(grid.join(1));
    grid.run((effects) => holdJob(job, '', grid.now, effects));
    grid.pass(20_000);
    const b = grid.join(2);
    expect(grid.take(b)).toBeUndefined();
    grid.run((effects) => releaseJob(job, '', grid.now, effects));
    expect(grid.serve()[0]!.given[0]!.units).toEqual([0]);
  });

  it('OR2: a cancelled job names the leases to end, by device; late results are accepted and dropped', () => {
    const grid = new Grid();
    const job = grid.job({ total: 3 });
    const [a, b] = [grid.join(1), grid.join(2)];
    const [x, y] = [grid.mustTake(a), grid.mustTake(b)];
    const revoked = grid.run((effects) => cancelJob(grid.scheduler, job, 'wrong data', grid.now, effects));
    expect([...revoked]).toEqual([
      [1, [{ epoch: 1, number: x.number }]],
      [2, [{ epoch: 1, number: y.number }]],
    ]);
    expect([jobState(job), job.leased, grid.take(a)]).toEqual(['cancelled', 0, undefined]);
    expect(unitCounts(job)).toEqual({
      total: 3,
      pending: 0,
      active: 0,
      provisional: 0,
      validated: 0,
      failed: 0,
      cancelled: 3,
    });
    const facts = grid.facts(job).length;
    expect(grid.send(a, proved(done(x), x))).toEqual([REPORT_STATUS.accepted]);
    expect([grid.facts(job).length, job.counts.returned]).toEqual([facts, 0]);
  });

  it('OR2: a tab that was away while its job was cancelled is told when it names the lease', () => {
    const grid = new Grid();
    const job = grid.job({ total: 3 });
    const a = grid.join(1);
    const [x, y] = grid.exchange(a, { slots: 2 }).given;
    grid.leave(a);
    grid.run((effects) => cancelJob(grid.scheduler, job, '', grid.now, effects));
    const again = grid.join(1);
    const refs = [x!, y!].map(({ epoch, number }) => ({ epoch, number }));
    expect(grid.beat(again, [x!, y!]).revoked.map(({ epoch, number }) => ({ epoch, number }))).toEqual(refs);
    expect(grid.beat(again, [y!]).revoked).toHaveLength(1);
    expect(grid.beat(again, []).revoked).toEqual([]);
    expect(grid.scheduler.vain.size).toBe(0);
  });

  it('OR3: what has ended takes no orders', () => {
    const grid = new Grid();
    const [gone, complete] = [grid.job({ total: 1, quorum: 1 }), grid.job({ total: 1, quorum: 1 })];
    grid.run((effects) => cancelJob(grid.scheduler, gone, '', grid.now, effects));
    const a = grid.join(1);
    grid.send(a, done(grid.mustTake(a)));
    for (const [job, code] of [
      [gone, 'job-cancelled'],
      [complete, 'job-completed'],
    ] as const) {
      const refusal = expect.objectContaining({ code });
      expect(() => grid.run((effects) => holdJob(job, '', 0, effects))).toThrow(refusal);
      expect(() => grid.run((effects) => releaseJob(job, '', 0, effects))).toThrow(refusal);
      expect(() => grid.run((effects) => relaxJob(job, {}, 0, effects))).toThrow(refusal);
      expect(() => grid.run((effects) => cancelJob(grid.scheduler, job, '', 0, effects))).toThrow(refusal);
    }
  });

  it('OR3: a release of what is not held writes nothing', () => {
    const grid = new Grid();
    const job = grid.job();
    grid.run((effects) => releaseJob(job, '', grid.now, effects));
    expect(grid.kinds(job)).toEqual(['created']);
  });

  it('OR4: a reason is stored as UTF-8 holds it, so that a replay reads the same', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1 });
    for (const reason of ['\u{feff}why', 'half \ud800 of a pair', 'ende \u{1f30c}']) {
      grid.run((effects) => holdJob(job, reason, grid.now, effects));
      expect(Buffer.from(durableBytes(grid.replay(job))).equals(Buffer.from(durableBytes(job)))).toBe(true);
    }
  });
});
