import { ENCODING, utf8 } from '@gossamer/protocol';
import { describe, expect, it } from 'vitest';
import type { Job, JudgementRequest, Session } from '../src/index.ts';
import { unitRow, unitState, withinTolerance } from '../src/index.ts';
import { account, done, Grid } from './grid.ts';
import { turn } from './trust.ts';

const byProgram = { comparison: { kind: 'program' as const } };

/** Devices return these results of one unit, in turn. */
const scene = (texts: string[], wish: Parameters<Grid['job']>[0] = {}) => {
  const grid = new Grid();
  const job = grid.job({ total: 1, ...byProgram, ...wish });
  const sessions = texts.map((_, at) => grid.join(at + 1));
  for (const [at, text] of texts.entries()) turn(grid, sessions[at]!, text);
  return { grid, job, sessions };
};
const pairs = (grid: Grid) =>
  grid.judgements.map((request) => [request.kind === 'same' ? request.reference : -1, request.candidate]);
const states = (grid: Grid, job: Job) => unitRow(grid.scheduler, grid.of(job), 0).attempts.map(({ state }) => state);

describe('comparison by the judge', () => {
  it('CP1: results that differ byte for byte are put to it, once', () => {
    const { grid, job } = scene(['1.0', '1.00']);
    expect(grid.judgements).toEqual([{ kind: 'same', job: 1, unit: 0, reference: 0, candidate: 1 }]);
    expect([unitState(job, 0), job.ready.size]).toEqual(['active', 0]);
    grid.pass(1000);
    grid.send(grid.join(9));
    expect(grid.judgements).toHaveLength(1);
  });

  it('CP1: its yes makes them agree: the older one is canonical, and both are paid', () => {
    const { grid, job } = scene(['1.0', '1.00']);
    grid.verdict(grid.judgements[0]!, 'yes');
    expect(states(grid, job)).toEqual(['valid', 'valid']);
    expect(job.units.canonical[0]).toBe(job.units.head[0]);
    expect([account(job, 1)!.credit, account(job, 2)!.credit]).toEqual([1, 1]);
  });

  it('CP2: equal bytes are never asked about', () => {
    const { grid, job } = scene(['1.0', '1.0']);
    expect([grid.judgements, unitState(job, 0)]).toEqual([[], 'validated']);
    const three = scene(['1.0', '2.0', '2.0'], { quorum: 3 });
    expect(pairs(three.grid)).toEqual([
      [0, 1],
      [0, 2],
    ]);
    three.grid.verdict(three.grid.judgements[0]!, 'no');
    expect(pairs(three.grid)).toHaveLength(2);
  });

  it('CP3: a third result is compared with each group in turn until one fits', () => {
    const { grid, job, sessions } = scene(['1', '2'], {});
    grid.verdict(grid.judgements.splice(0)[0]!, 'no');
    expect(job.ready.size).toBe(1);
    sessions.push(grid.join(3));
    turn(grid, sessions[2]!, '3');
    expect(pairs(grid)).toEqual([[0, 2]]);
    grid.verdict(grid.judgements.splice(0)[0]!, 'no');
    expect(pairs(grid)).toEqual([[1, 2]]);
    grid.verdict(grid.judgements.splice(0)[0]!, 'yes');
    expect(states(grid, job)).toEqual(['invalid', 'valid', 'valid']);
  });

  it('CP3: with the first that fits it ends; one that fits none is a group of its own', () => {
    const first = scene(['1', '2', '3'], { quorum: 3 });
    for (const answer of ['no', 'yes'] as const) first.grid.verdict(first.grid.judgements.shift()!, answer);
    expect([first.grid.judgements, first.job.ready.size]).toEqual([[], 1]);
    const none = scene(['1', '2', '3'], { quorum: 3 });
    for (let asked = 0; asked < 3; asked++) none.grid.verdict(none.grid.judgements.shift()!, 'no');
    expect([none.grid.judgements, none.job.ready.size]).toEqual([[], 1]);
    // Two more that agree with the last one byte for byte.
    for (const number of [4, 5]) {
      turn(none.grid, none.grid.join(number), '3');
      for (const request of none.grid.judgements.splice(0)) none.grid.verdict(request, 'no');
      for (const request of none.grid.judgements.splice(0)) none.grid.verdict(request, 'no');
    }
    expect(states(none.grid, none.job)).toEqual(['invalid', 'invalid', 'valid', 'valid', 'valid']);
  });

  it('CP4: results within the tolerance are one group, whatever the order of answers', () => {
    const tolerance = { kind: 'tolerance' as const, absolute: 0.1, relative: 0, read: 'json' as const };
    for (const reversed of [false, true]) {
      const texts = ['1.00', '5', '1.04', '0.97'];
      const { grid, job } = scene(texts.slice(0, 3), { quorum: 3, comparison: tolerance });
      const payload = (at: number) => ({ encoding: ENCODING.json, body: utf8(texts[at]!) });
      const judge = () => {
        for (let round = 0; round < 9; round++) {
          const requests = grid.judgements.splice(0) as (JudgementRequest & { kind: 'same' })[];
          for (const request of reversed ? requests.toReversed() : requests) {
            const same = withinTolerance(payload(request.reference), payload(request.candidate), tolerance);
            grid.verdict(request, same ? 'yes' : 'no');
          }
        }
      };
      judge();
      turn(grid, grid.join(4), texts[3]);
      judge();
      expect(states(grid, job)).toEqual(['valid', 'invalid', 'valid', 'valid']);
      expect(job.units.canonical[0]).toBe(job.units.head[0]);
    }
  });

  it('CP5: an answer counts once, and one that nobody asked for changes nothing', () => {
    const { grid, job } = scene(['1', '2'], { quorum: 3 });
    const [asked] = grid.judgements;
    const stray: JudgementRequest[] = [
      { kind: 'same', job: 1, unit: 0, reference: 1, candidate: 0 },
      { kind: 'same', job: 1, unit: 0, reference: 0, candidate: 7 },
      { kind: 'same', job: 1, unit: 5, reference: 0, candidate: 1 },
      { kind: 'same', job: 8, unit: 0, reference: 0, candidate: 1 },
      { kind: 'check', job: 1, unit: 0, candidate: 1 },
    ];
    const before = grid.facts(job).length;
    for (const request of stray)
      for (const answer of ['yes', 'no', { failed: '' }] as const) grid.verdict(request, answer);
    expect(grid.facts(job)).toHaveLength(before);
    grid.verdict(asked!, 'no');
    const after = grid.facts(job).length;
    expect(after).toBe(before + 1);
    grid.verdict(asked!, 'yes');
    grid.verdict(asked!, { failed: '' });
    expect([grid.facts(job).length, states(grid, job)]).toEqual([after, ['returned', 'returned']]);
  });

  it('CP6: after a crash it is asked again what was not answered, and nothing that was', () => {
    const { grid, job } = scene(['1', '2', '3'], { quorum: 3 });
    grid.verdict(grid.judgements[0]!, 'no');
    const open = grid.judgements.slice(1);
    grid.restart();
    expect(grid.judgements).toEqual(open);
    grid.verdict(open[0]!, 'yes');
    turn(grid, grid.join(9), '1');
    expect(states(grid, job)).toEqual(['valid', 'invalid', 'valid', 'valid']);
  });

  it('CP7: an equals that fails fails the unit, with the reason', () => {
    const { grid, job } = scene(['1', '2']);
    grid.verdict(grid.judgements[0]!, { failed: 'it threw' });
    expect(job.failures.get(0)).toBe("The program's equals could not tell: it threw");
    expect(states(grid, job)).toEqual(['inconclusive', 'inconclusive']);
  });

  it('CP8: an answer about another result than the canonical one says nothing: it is asked anew', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 2, ...byProgram, limits: { maxAttempts: 9 } });
    const sessions: Session[] = [1, 2, 3, 4].map((number) => grid.join(number));
    turn(grid, sessions[0]!, '1');
    const leases = [grid.mustTake(sessions[1]!)];
    for (const session of sessions.slice(2)) {
      // They were lost, and come late.
      grid.leave(sessions[leases.length]!);
      grid.pass(20_000);
      leases.push(grid.mustTake(session));
    }
    const send = (at: number, text: string) =>
      grid.send(grid.join(at + 1), { ...done(leases[at - 1]!, text), ticket: leases[at - 1]! });
    send(1, '2');
    send(2, '3');
    send(3, '2');
    expect(pairs(grid)).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
    ]);
    // The second and the fourth are not the first: being equal, they are right.
    grid.verdict(grid.judgements[0]!, 'no');
    expect(unitState(job, 0)).toBe('validated');
    grid.verdict(grid.judgements[1]!, 'yes');
    expect(states(grid, job)[2]).toBe('returned');
    expect(pairs(grid).at(-1)).toEqual([1, 2]);
    grid.verdict(grid.judgements.at(-1)!, 'no');
    expect(states(grid, job)).toEqual(['invalid', 'valid', 'invalid', 'valid']);
  });
});
