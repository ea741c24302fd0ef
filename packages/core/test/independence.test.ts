import { describe, expect, it } from 'vitest';
import { explainWaiting, kinship, relaxJob, unitState } from '../src/index.ts';
import { DEVICE, done, Grid, proved, threw } from './grid.ts';

const all = { device: true, volunteer: true, prefix: true };

describe('independence', () => {
  it('IN1: replicas of a unit go to no device twice', () => {
    const grid = new Grid();
    const job = grid.job({ total: 2 });
    const a = grid.join(1);
    const first = [grid.mustTake(a), grid.mustTake(a)];
    expect(first.map(({ units }) => units)).toEqual([[0], [1]]);
    expect(grid.take(a)).toBeUndefined();
    for (const lease of first) grid.send(a, done(lease));
    expect([grid.take(a), job.counts.validated]).toEqual([undefined, 0]);
  });

  it('IN2: nor to two devices of one volunteer, nor of one network prefix', () => {
    for (const kin of [{ volunteer: 'Ada' }, { prefix: '10.1.2' }]) {
      const grid = new Grid();
      grid.job({ total: 1 });
      const [a, b] = [grid.join(1, 1, kin), grid.join(2, 1, kin)];
      grid.send(a, done(grid.mustTake(a)));
      expect(grid.take(b)).toBeUndefined();
      expect(grid.take(grid.join(3))).toBeDefined();
    }
  });

  it('IN2: while one replica is only leased, the same holds', () => {
    const grid = new Grid();
    grid.job({ total: 1 });
    grid.mustTake(grid.join(1, 1, { volunteer: 'Ada' }));
    expect(grid.take(grid.join(2, 1, { volunteer: 'Ada' }))).toBeUndefined();
  });

  it('IN3: loopback has no prefix, and makes no two devices kin', () => {
    const of = (number: number, prefix: string | null) => ({
      ...DEVICE,
      number,
      id: `${number}`,
      volunteer: `${number}`,
      prefix,
    });
    expect(kinship(of(1, null), of(2, null), all)).toBeNull();
    expect(kinship(of(1, 'p'), of(2, null), all)).toBeNull();
    expect(kinship(of(1, 'p'), of(2, 'p'), all)).toBe('prefix');
    expect(kinship(of(1, 'p'), of(2, 'p'), { ...all, prefix: false })).toBeNull();
    expect(kinship(of(1, 'p'), of(1, 'p'), all)).toBe('device');
    expect(kinship(of(1, 'p'), of(1, 'p'), { ...all, device: false })).toBeNull();
  });

  it('IN4: a job that waits for another device goes on when its independence is relaxed', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1 });
    const [a, b] = [grid.join(1, 1, { prefix: 'p' }), grid.join(2, 1, { prefix: 'p' })];
    grid.send(a, done(grid.mustTake(a)));
    expect(grid.take(b)).toBeUndefined();
    grid.run((effects) => relaxJob(job, { prefix: false }, grid.now, effects));
    expect(job.independence).toEqual({ device: true, volunteer: true, prefix: false });
    const [served] = grid.serve();
    grid.send(b, done(served!.given[0]!));
    expect(unitState(job, 0)).toBe('validated');
    grid.restart();
    expect(grid.of(job).independence.prefix).toBe(false);
  });

  it('IN5: with devices not independent one device makes a quorum alone, and holds both attempts at once', () => {
    const grid = new Grid();
    const job = grid.job({ total: 2, quorum: 3, independence: { device: false } });
    const a = grid.join(1, 8);
    const { given } = grid.exchange(a, { slots: 8 });
    expect(given.map(({ units }) => units[0]!).sort((one, other) => one - other)).toEqual([0, 0, 0, 1, 1, 1]);
    for (const lease of given) grid.send(a, done(lease));
    expect(job.counts).toMatchObject({ validated: 2, valid: 6 });
    expect(job.accounts.get(1)!.credit).toBe(6);
  });

  it('IN6: a late result that is not independent of one that is there counts not, and its unit goes on', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1 });
    const kin = { volunteer: 'Ada' };
    const [a, b, c] = [grid.join(1, 1, kin), grid.join(2, 1, kin), grid.join(3)];
    const x = grid.mustTake(a);
    grid.pass(20_000);
    grid.send(b, done(grid.mustTake(b)));
    grid.send(a, proved(done(x), x));
    expect([job.counts.returned, unitState(job, 0)]).toEqual([1, 'active']);
    grid.send(c, done(grid.mustTake(c)));
    expect(unitState(job, 0)).toBe('validated');
  });

  it('IN7: a program that threw on a device may be tried there again: one device alone can end a broken unit', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, limits: { maxErrors: 3 } });
    const a = grid.join(1);
    for (let round = 0; round < 3; round++) grid.send(a, threw(grid.mustTake(a)));
    expect(unitState(job, 0)).toBe('failed');
  });

  it('IN8: the devices that take part are known after a crash, whether they are connected or not', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1 });
    const a = grid.join(1, 1, { volunteer: 'Ada' });
    grid.send(a, done(grid.mustTake(a)));
    grid.restart();
    expect(grid.take(grid.join(2, 1, { volunteer: 'Ada' }))).toBeUndefined();
    expect(explainWaiting(grid.scheduler, grid.of(job), grid.now)).toContain('volunteer');
  });
});
