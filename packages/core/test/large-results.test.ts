import type { AttemptReport, Sha256 } from '@gossamer/protocol';
import { encodeResultBlob, ENCODING, inBlob, LIMITS, resultOutcome } from '@gossamer/protocol';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { cancelJob, type Job, unitRow } from '../src/index.ts';
import { identityOf } from '../src/job/identity.ts';
import { Grid, hash, type Given } from './grid.ts';

const MIB = 1024 * 1024;
const nameOf = (text: string): Sha256 => createHash('sha256').update(text).digest('hex') as Sha256;

const large = (text: string, size = 2 * MIB): AttemptReport => ({
  offset: 0,
  outcome: resultOutcome(inBlob(ENCODING.bytes)),
  runMs: 5,
  body: encodeResultBlob({ sha256: nameOf(text), size }),
});

/** Sends one report of a lease of one unit. */
const send = (grid: Grid, session: ReturnType<Grid['join']>, lease: Given, report: AttemptReport) =>
  grid.exchange(session, {
    reports: [{ epoch: lease.epoch, lease: lease.number, ticket: null, attempts: [report] }],
  });

const names = (job: Job): string[] => [...job.blobs.names()];
const LARGE = { limits: { resultBytes: 4 * MIB } };
const states = (grid: Grid, job: Job) => unitRow(grid.scheduler, grid.of(job), 0).attempts.map(({ state }) => state);

describe('large results', () => {
  it('LB2: are the same where name and encoding are; the blob of the canonical one stays, that of a wrong one is let go', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, ...LARGE });
    const [a, b, c] = [grid.join(1), grid.join(2), grid.join(3)];
    const [x, y] = [grid.mustTake(a), grid.mustTake(b)];
    send(grid, a, x, large('wrong'));
    expect(names(job)).toEqual([nameOf('wrong')]);
    send(grid, b, y, large('right'));
    expect(new Set(names(job))).toEqual(new Set([nameOf('wrong'), nameOf('right')]));
    expect(job.blobs.bytes).toBe(4 * MIB);
    send(grid, c, grid.mustTake(c), large('right'));
    expect(states(grid, job)).toEqual(['invalid', 'valid', 'valid']);
    expect(names(job)).toEqual([nameOf('right')]);
    expect(job.blobs.bytes).toBe(2 * MIB);
    grid.restart();
    expect(names(grid.of(job))).toEqual([nameOf('right')]);
  });

  it('LB2: the identity of one is that of its bytes, whatever the way they came', () => {
    const bytes = new Uint8Array(2 * MIB).fill(7);
    const sha256 = Buffer.from(hash(bytes)).toString('hex') as Sha256;
    const name = encodeResultBlob({ sha256, size: bytes.byteLength });
    expect(identityOf(inBlob(ENCODING.float64), name, hash)).toEqual(identityOf(ENCODING.float64, bytes, hash));
    expect(identityOf(inBlob(ENCODING.json), name, hash)).not.toEqual(identityOf(ENCODING.bytes, bytes, hash));
  });

  it('LB2: nothing is kept of a unit that failed, and of a job that was cancelled only what was judged', () => {
    const grid = new Grid();
    const failing = grid.job({ total: 1, limits: { resultBytes: 4 * MIB, maxAttempts: 2 } });
    const [a, b] = [grid.join(1), grid.join(2)];
    const [x, y] = [grid.mustTake(a), grid.mustTake(b)];
    send(grid, a, x, large('one'));
    send(grid, b, y, large('other'));
    expect(states(grid, failing)).toEqual(['inconclusive', 'inconclusive']);
    expect([names(failing), failing.blobs.bytes]).toEqual([[], 0]);

    const cancelled = grid.job({ total: 2, ...LARGE });
    const settled = grid.mustTake(a);
    send(grid, a, settled, large('settled'));
    const same = grid.mustTake(b);
    send(grid, b, same, large('settled'));
    const open = grid.mustTake(a);
    send(grid, a, open, large('open'));
    expect(cancelled.blobs.size).toBeGreaterThan(1);
    grid.run((effects) => cancelJob(grid.scheduler, cancelled, 'enough', grid.now, effects));
    expect(names(cancelled)).toEqual([nameOf('settled')]);
  });

  it('LB3: one that is larger than the job allows is an error of its attempt', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 1, limits: { resultBytes: 2 * MIB, maxErrors: 1 } });
    const a = grid.join(1);
    send(grid, a, grid.mustTake(a), large('big', 2 * MIB + 1));
    expect(states(grid, job)).toEqual(['errored']);
    expect(job.failures.get(0)).toContain(`The result has ${2 * MIB + 1} bytes; the job allows ${2 * MIB}.`);
    expect(names(job)).toEqual([]);
    expect(LIMITS.result).toBe(MIB);
  });
});
