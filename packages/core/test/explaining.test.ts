import { describe, expect, it } from 'vitest';
import { explainDevice, explainUnit, explainWaiting, holdJob, unitState, warningsOf } from '../src/index.ts';
import { done, Grid } from './grid.ts';
import { adaptive, exhaust, school, turn } from './trust.ts';

describe('why one unit waits, in words', () => {
  it('EP6: what is settled or runs has nothing to say; a later unit waits for its turn', () => {
    const grid = new Grid();
    const job = grid.job({ total: 10, quorum: 1 });
    const a = grid.join(1);
    turn(grid, a);
    grid.mustTake(a);
    const say = (unit: number) => explainUnit(grid.scheduler, job, unit, grid.now);
    expect([say(0), say(1)]).toEqual([null, null]);
    expect(say(5)).toBe('It waits for its turn: 3 units of the job come before it.');
    grid.run((effects) => holdJob(job, 'a look', grid.now, effects));
    expect([say(1), say(5)]).toEqual([null, 'It is held: a look']);
  });

  it('EP6: it waits for a volunteer, for a slot, for an independent device, or for the program’s answer', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, comparison: { kind: 'program' } });
    const say = () => explainUnit(grid.scheduler, job, 0, grid.now);
    expect(say()).toBe('No volunteer is connected.');
    const a = grid.join(1);
    turn(grid, a, '1');
    expect(say()).toContain('1 unit waits for another, independent device');
    const b = grid.join(2);
    expect(say()).toBe('It waits for a free slot.');
    turn(grid, b, '1.0');
    expect(say()).toBe('The program is asked about its results.');
    expect(explainWaiting(grid.scheduler, job, grid.now)).toBe('The program is asked about 1 result.');
  });

  it('EP7: a provisional unit says on what it waits, and so does its job when nothing else is left', () => {
    const grid = new Grid();
    const [a, b] = [grid.join(1), grid.join(2)];
    school(grid, [a, b]);
    const job = grid.job(adaptive({ total: 1 }));
    const [unit] = turn(grid, a);
    expect(unitState(job, unit!)).toBe('provisional');
    expect(explainUnit(grid.scheduler, job, unit!, grid.now)).toBe(
      'It stands on the word of one device, and is final when that device has survived later checks.',
    );
    expect(explainWaiting(grid.scheduler, job, grid.now)).toBe(
      '1 result of single devices will be checked before they are final.',
    );
  });
});

describe('why a device computes nothing, in words', () => {
  it('EP8: no job has work, it took part already, it has not asked, or all is with others', () => {
    const grid = new Grid();
    const [a, b] = [grid.join(1), grid.join(2)];
    const say = (device: number) => explainDevice(grid.scheduler, device, grid.now);
    expect([say(1), say(9)]).toEqual(['No job has work now.', null]);
    const job = grid.job({ total: 1, quorum: 2 });
    expect(say(1)).toBe('It has not asked for work: its slots may be paused.');
    const lease = grid.mustTake(a);
    expect(say(1)).toBeNull();
    grid.mustTake(b);
    grid.join(3);
    expect(say(3)).toBe('All units are with other devices.');
    grid.send(a, done(lease));
    grid.leave(b);
    grid.pass(60_000);
    expect(say(1)).toBe(`“${job.spec.name}”: the device has computed them already.`);
    grid.leave(a);
    expect(say(1)).toBeNull();
  });
});

describe('warnings', () => {
  const of = (wish: Parameters<Grid['job']>[0]) => warningsOf(new Grid().job(wish));

  it('WN1: relaxed independence proves less, and is told by what is relaxed', () => {
    expect(of({})).toEqual([]);
    expect(of(adaptive())).toEqual([]);
    expect(of({ independence: { volunteer: false, prefix: false } })).toEqual([
      'Replicas of a unit may go to devices of one volunteer, and devices of one network: their agreement proves less.',
    ]);
    expect(of(adaptive({ independence: { device: false } }))[0]).toContain('one device');
  });

  it('WN2: where the first result is taken, this is said; where the program checks, it is not', () => {
    const first = 'The first result of a unit is taken as it is: whoever returns it can return anything.';
    expect(of({ policy: { kind: 'trusted' } })).toEqual([first]);
    expect(of({ quorum: 1, independence: { device: false } })).toEqual([first]);
    expect(of({ policy: { kind: 'check' } })).toEqual([]);
  });

  /** Devices of two classes agree within their class, and differ between. */
  const quarrel = (wish: Parameters<Grid['job']>[0], firefox = 'firefox says so') => {
    const grid = new Grid();
    const job = grid.job({ total: 12, quorum: 2, ...wish });
    const sessions = [1, 2, 3, 4].map((n) => grid.join(n, 1, { class: n % 2 === 0 ? 'firefox' : 'chromium' }));
    exhaust(grid, sessions, new Map([sessions[1]!, sessions[3]!].map((session) => [session, firefox])));
    for (let round = 0; round < 5; round++) {
      for (const request of grid.judgements.splice(0)) grid.verdict(request, 'no');
      exhaust(grid, sessions, new Map([sessions[1]!, sessions[3]!].map((session) => [session, firefox])));
    }
    return { grid, job };
  };

  it('WN3: classes of browsers that disagree are told, with the ways out, and after a restart, too', () => {
    const { grid, job } = quarrel({});
    const [text] = warningsOf(job);
    expect(text).toMatch(/two kinds of browser disagree: (\d+) of \1 comparisons between chromium and firefox/);
    expect(text).toContain('tolerance');
    expect(text).toContain('sameClass');
    grid.restart();
    expect(warningsOf(grid.of(job))).toEqual([text]);
  });

  it('WN3: not where they agree, nor under a tolerance or sameClass', () => {
    expect(warningsOf(quarrel({}, '42').job)).toEqual([]);
    expect(warningsOf(quarrel({ comparison: { kind: 'tolerance', absolute: 1 } }).job)).toEqual([]);
    expect(warningsOf(quarrel({ sameClass: true }).job)).toEqual([]);
  });
});
