import { describe, expect, it } from 'vitest';
import { cancelJob, explainWaiting, gridAccount, holdJob, jobWaits, releaseJob, unitWaits } from '../src/index.ts';
import { done, Grid } from './grid.ts';

describe('why a job waits, in words', () => {
  it('EP1: it is held, with the reason when there is one', () => {
    const grid = new Grid();
    const job = grid.job();
    grid.join(1);
    grid.run((effects) => holdJob(job, 'the data is checked', grid.now, effects));
    expect(explainWaiting(grid.scheduler, job, grid.now)).toBe('It is held: the data is checked');
    grid.run((effects) => holdJob(job, '', grid.now, effects));
    expect(explainWaiting(grid.scheduler, job, grid.now)).toBe('It is held.');
    grid.run((effects) => releaseJob(job, '', grid.now, effects));
    expect(explainWaiting(grid.scheduler, job, grid.now)).toBe(
      'It waits for a free slot; other jobs are served first.',
    );
  });

  it('EP2: no volunteer is connected', () => {
    const grid = new Grid();
    expect(explainWaiting(grid.scheduler, grid.job(), grid.now)).toBe('No volunteer is connected.');
  });

  it('EP3: while something runs, and when nothing is left, there is nothing to say', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 1 });
    const gone = grid.job({ total: 1, quorum: 1 });
    grid.run((effects) => cancelJob(grid.scheduler, gone, '', grid.now, effects));
    const a = grid.join(1);
    const x = grid.mustTake(a);
    expect(explainWaiting(grid.scheduler, job, grid.now)).toBeNull();
    grid.send(a, done(x));
    expect([explainWaiting(grid.scheduler, job, grid.now), explainWaiting(grid.scheduler, gone, grid.now)]).toEqual([
      null,
      null,
    ]);
  });

  it('EP4: it waits for an independent device: why each connected one is none, and the switch that helps', () => {
    const grid = new Grid();
    const job = grid.job({ total: 2 });
    const a = grid.join(1, 1, { prefix: 'p' });
    for (let unit = 0; unit < 2; unit++) grid.send(a, done(grid.mustTake(a)));
    expect(explainWaiting(grid.scheduler, job, grid.now)).toBe(
      '2 units wait for another, independent device: each connected one has computed them already. Open the page on ' +
        'another device, or switch off independence by device for this job.',
    );
    grid.join(2, 1, { prefix: 'p' });
    expect(explainWaiting(grid.scheduler, job, grid.now)).toContain(
      'has computed them already, or is on the network of one that has.',
    );
    grid.join(3, 1, { volunteer: 'volunteer 1' });
    expect(explainWaiting(grid.scheduler, job, grid.now)).toContain(
      'switch off independence by device and network and volunteer',
    );
    grid.join(4);
    expect(explainWaiting(grid.scheduler, job, grid.now)).toBe('It waits for a free slot.');
  });

  it('LI28: what is waited for is told for programs as well, with the kinships that the job may allow', () => {
    const grid = new Grid();
    const job = grid.job({ total: 2 });
    const what = () => {
      const ofJob = jobWaits(grid.scheduler, job, grid.now);
      const ofUnit = unitWaits(grid.scheduler, job, 0, grid.now);
      return [ofJob, ofUnit].map((waiting) => (waiting === null ? null : [waiting.kind, ...waiting.kinships]));
    };
    expect(what()).toEqual([['volunteer'], ['volunteer']]);
    const a = grid.join(1, 1, { prefix: 'p' });
    for (let unit = 0; unit < 2; unit++) grid.send(a, done(grid.mustTake(a)));
    expect(what()).toEqual([
      ['independent-device', 'device'],
      ['independent-device', 'device'],
    ]);
    grid.join(2, 1, { prefix: 'p' });
    grid.join(3, 1, { volunteer: 'volunteer 1' });
    const all = ['independent-device', 'device', 'prefix', 'volunteer'];
    expect(what()).toEqual([all, all]);
    const d = grid.join(4);
    expect(what()).toEqual([['slot'], ['slot']]);
    grid.mustTake(d);
    expect(what()[0]).toBeNull();
    grid.run((effects) => holdJob(job, '', grid.now, effects));
    expect(what()[0]).toEqual(['release']);
  });

  it('EP5: the account of a device in the grid is the sum over its jobs', () => {
    const grid = new Grid();
    const jobs = [grid.job({ total: 1, quorum: 1, credit: 2 }), grid.job({ total: 2, quorum: 2 })];
    const a = grid.join(1, 3);
    for (const lease of grid.exchange(a, { slots: 3 }).given) grid.send(a, done(lease));
    expect(jobs.map((job) => job.counts.returned)).toEqual([1, 2]);
    expect(gridAccount(grid.scheduler, 1)).toEqual({
      valid: 1,
      invalid: 0,
      inconclusive: 0,
      revoked: 0,
      waiting: 2,
      errored: 0,
      credit: 2,
    });
  });
});
