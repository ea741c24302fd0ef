import { describe, expect, it } from 'vitest';
import type { Session } from '../src/index.ts';
import {
  appendInputs,
  cancelJob,
  closeInputs,
  durableBytes,
  explainWaiting,
  foldJob,
  IllegalFact,
  jobState,
  retryJob,
  unitCounts,
  unitState,
} from '../src/index.ts';
import { blobOf, done, Grid, hash, proved, threw } from './grid.ts';

const problem = (code: string) => expect.objectContaining({ code });

/** The device computes whatever it is given; tells which units that were. */
const computeAll = (grid: Grid, session: Session): number[] => {
  const units: number[] = [];
  for (let lease = grid.take(session); lease !== undefined; lease = grid.take(session)) {
    units.push(...lease.units);
    grid.send(session, done(lease));
  }
  return units;
};

describe('a stream', () => {
  it('IT1: what came runs at once, more may come at any time, and the job is not complete before its inputs are closed', () => {
    const grid = new Grid();
    const job = grid.job({ total: 2, quorum: 1, stream: true });
    const a = grid.join(1);
    expect(computeAll(grid, a)).toEqual([0, 1]);
    expect(unitCounts(job)).toMatchObject({ total: 2, validated: 2 });
    expect([jobState(job), job.completedAt]).toEqual(['running', null]);
    expect(grid.take(a)).toBeUndefined();
    grid.append(job, 3);
    const next = grid.mustTake(a);
    expect(next.units[0]).toBe(2);
    grid.closeInputs(job);
    grid.send(a, done(next));
    expect(jobState(job)).toBe('running');
    grid.pass(5);
    expect([...next.units, ...computeAll(grid, a)]).toEqual([2, 3, 4]);
    expect([jobState(job), job.completedAt, job.counts.validated]).toEqual(['completed', grid.now, 5]);
  });

  it('IT1: inputs that come wake who waits for work', () => {
    const grid = new Grid();
    const job = grid.job({ total: 0, quorum: 1, stream: true });
    const a = grid.join(1);
    expect(grid.take(a)).toBeUndefined();
    grid.woken = false;
    grid.append(job, 1);
    expect(grid.woken).toBe(true);
    expect(grid.serve().map(({ session, given }) => [session, given[0]!.units])).toEqual([[a, [0]]]);
  });

  it('IT2: the same inputs once more change nothing; others in their place, a gap and an overlap are refused', () => {
    const grid = new Grid();
    const job = grid.job({ total: 4, quorum: 1, stream: true });
    grid.append(job, 2);
    const append = (first: number, count: number) => () => grid.append(job, count, first);
    append(4, 2)();
    append(0, 4)();
    expect(grid.kinds(job).filter((kind) => kind === 'appended')).toHaveLength(2);
    for (const [first, count] of [
      [0, 3],
      [4, 1],
      [3, 1],
      [5, 1],
      [7, 1],
    ] as const) {
      expect(append(first, count), `${count} from ${first}`).toThrow(problem('inputs-misplaced'));
    }
    expect(job.total).toBe(6);
    append(6, 1)();
    expect(job.total).toBe(7);
    // Who was not told of the last ones before all was closed is told now.
    grid.closeInputs(job);
    append(6, 1)();
    expect(append(7, 1)).toThrow(problem('inputs-closed'));
  });

  it('IT3: closed when all is computed, it is complete then; with no input at all, too; once more changes nothing', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 1, stream: true });
    const a = grid.join(1);
    grid.send(a, done(grid.mustTake(a)));
    grid.pass(7);
    grid.closeInputs(job);
    expect([jobState(job), job.completedAt]).toEqual(['completed', grid.now]);
    expect(job.ends).toEqual([{ at: grid.now, validated: 1, failed: 0, retries: 0 }]);
    grid.pass(7);
    grid.closeInputs(job);
    expect(job.ends).toHaveLength(1);
    const empty = grid.job({ total: 0, stream: true });
    expect(jobState(empty)).toBe('running');
    grid.closeInputs(empty);
    expect(jobState(empty)).toBe('completed');
  });

  it('IT3: a job of another source, and one that was cancelled, take no inputs', () => {
    const grid = new Grid();
    const [other, over] = [grid.job({ total: 2 }), grid.job({ total: 2, stream: true })];
    expect(() => grid.append(other, 1)).toThrow(problem('inputs-closed'));
    expect(() => grid.closeInputs(other)).toThrow(problem('inputs-closed'));
    grid.run((effects) => cancelJob(grid.scheduler, over, '', grid.now, effects));
    expect(() => grid.append(over, 1)).toThrow(problem('job-cancelled'));
    expect(() => grid.closeInputs(over)).toThrow(problem('job-cancelled'));
  });

  it('IT3: failed units of a stream are retried before and after its inputs are closed', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 1, stream: true, limits: { maxErrors: 1 } });
    const a = grid.join(1);
    const retry = () => grid.run((effects) => retryJob(grid.scheduler, job, grid.now, effects));
    grid.send(a, threw(grid.mustTake(a)));
    expect(unitState(job, 0)).toBe('failed');
    expect(retry()).toBe(1);
    grid.send(a, threw(grid.mustTake(a)));
    grid.closeInputs(job);
    expect(jobState(job)).toBe('completed');
    expect([retry(), jobState(job)]).toEqual([1, 'running']);
    grid.send(a, done(grid.mustTake(a)));
    expect([jobState(job), job.ends.length]).toEqual(['completed', 2]);
  });

  it('IT4: a job that had nothing to give makes up for nothing when inputs come', () => {
    const grid = new Grid({ leaseTargetMs: 1 });
    const stream = grid.job({ total: 1, quorum: 1, stream: true, submitter: 'ada' });
    const a = grid.join(1);
    grid.send(a, done(grid.mustTake(a), '1', { runMs: 100 }));
    const other = grid.job({ total: 1000, quorum: 1, submitter: 'grace' });
    for (let n = 0; n < 40; n++) grid.send(a, done(grid.mustTake(a), '1', { runMs: 100 }));
    grid.append(stream, 100);
    const turns: number[] = [];
    for (let n = 0; n < 20; n++) {
      const lease = grid.mustTake(a);
      turns.push(lease.job);
      grid.send(a, done(lease, '1', { runMs: 100 }));
    }
    const mine = turns.filter((job) => job === stream.number).length;
    expect(mine, String(turns)).toBeGreaterThan(5);
    expect(mine, String(turns)).toBeLessThan(15);
    expect(turns).toContain(other.number);
  });

  it('IT5: it says that it waits for inputs, and says nothing of when it will be done', () => {
    const grid = new Grid();
    const job = grid.job({ total: 0, quorum: 1, stream: true });
    const a = grid.join(1);
    const words = () => explainWaiting(grid.scheduler, job, grid.now);
    expect(words()).toBe(
      'None of its inputs have come yet: it waits for more of them, or to be told that there are no more.',
    );
    grid.append(job, 2);
    expect(words()).toMatch(/free slot/);
    computeAll(grid, a);
    expect(words()).toMatch(/^All 2 inputs that came so far are computed: it waits/);
    grid.closeInputs(job);
    expect(words()).toBeNull();
  });

  it('IT2: what came is the same after a crash, which may take what was not written', () => {
    const grid = new Grid();
    const job = grid.job({ total: 5, quorum: 1, stream: true });
    const a = grid.join(1);
    const x = grid.mustTake(a);
    const appendix = { first: 5, count: 3, longest: 99, blob: blobOf(5, 3) };
    grid.crashDuring((effects) => appendInputs(grid.of(job), appendix, grid.now, effects));
    expect(grid.of(job).total).toBe(5);
    grid.append(grid.of(job), 3);
    grid.crashDuring(
      (effects) => closeInputs(grid.of(job), grid.now, effects),
      () => true,
    );
    const again = grid.of(job);
    expect([again.total, again.intake]).toMatchObject([
      8,
      {
        isClosed: true,
        pieces: [
          { first: 0, blob: blobOf(0, 5) },
          { first: 5, blob: blobOf(5, 3) },
        ],
      },
    ]);
    expect(Buffer.from(durableBytes(again)).equals(Buffer.from(durableBytes(grid.replay(again))))).toBe(true);
    const b = grid.join(1);
    grid.send(b, proved(done(x), x));
    computeAll(grid, b);
    expect(jobState(grid.of(job))).toBe('completed');
  });

  it('IT2: a log that appends to what is no stream, or is closed, or goes back, is refused', () => {
    const grid = new Grid();
    const stream = grid.job({ total: 2, stream: true });
    grid.closeInputs(stream);
    const range = grid.job({ total: 2 });
    const appended = { kind: 'appended', at: 1, longest: 1, blob: blobOf(0, 1) } as const;
    const fold = (facts: Parameters<typeof foldJob>[1]) => () => foldJob(1, facts, hash);
    expect(fold([...grid.facts(range), { ...appended, upto: 3 }])).toThrow(IllegalFact);
    expect(fold([...grid.facts(range), { kind: 'closed', at: 1 }])).toThrow(IllegalFact);
    expect(fold([...grid.facts(stream), { ...appended, upto: 3 }])).toThrow(IllegalFact);
    expect(fold([...grid.facts(stream).slice(0, 2), { ...appended, upto: 2 }])).toThrow(IllegalFact);
  });
});
