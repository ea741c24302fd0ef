import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KINS, waitsFor } from '../../src/jobs/independence.ts';
import { independenceWords, isStuck, progressWords, remark, segments, stateWord } from '../../src/jobs/job-words.ts';
import type { Paces } from '../../src/jobs/pace.ts';
import { paceOf, timeLeft, watchPaces } from '../../src/jobs/pace.ts';
import { aJob, jobId, waitsForAnother } from './fixtures.ts';

const IN_LINE = 'It waits for a free slot; other jobs are served first.';

test('DJ1: the parts of the bar touch, follow from the counts, and fill it when nothing is pending', () => {
  const counts = fc.record({
    pending: fc.nat(1000),
    active: fc.nat(1000),
    validated: fc.nat(1000),
    failed: fc.nat(1000),
    cancelled: fc.nat(1000),
  });
  fc.assert(
    fc.property(counts, (units) => {
      const total = units.pending + units.active + units.validated + units.failed + units.cancelled;
      const parts = segments({ ...units, total });
      let end = 0;
      for (const { kind, from, width } of parts) {
        expect(from).toBeCloseTo(end, 9);
        expect(width * total).toBeCloseTo(units[kind], 6);
        end = from + width;
      }
      expect(end * total).toBeCloseTo(total - units.pending, 6);
    }),
  );
});

test('DJ2: of what keeps a job from a second device, the switch offers what gives up least', () => {
  const kin = (words: string, independence = {}) => waitsFor(aJob({ waiting: waitsForAnother(words), independence }));
  expect(kin('device')).toBe('device');
  expect(kin('device and network')).toBe('prefix');
  expect(kin('device and volunteer')).toBe('volunteer');
  expect(kin('device', { device: false })).toBeNull();
});

test('DJ3: the switch is offered only to a job that waits for a second device', () => {
  expect(waitsFor(aJob({ waiting: IN_LINE }))).toBeNull();
  expect(waitsFor(aJob())).toBeNull();
  expect(waitsFor(aJob({ state: 'held', waiting: waitsForAnother('device') }))).toBeNull();
});

test('DJ4: a job is stuck when nothing that goes on will change it, and in line when others are served', () => {
  const busy = aJob({ id: jobId(2), attempts: { leased: 3 } });
  const waiting = aJob({ waiting: IN_LINE });
  expect(isStuck(waiting, [waiting, busy])).toBe(false);
  expect(stateWord(waiting, [waiting, busy]).word).toBe('in line');
  expect(isStuck(waiting, [waiting])).toBe(true);
  const another = aJob({ waiting: waitsForAnother('device') });
  expect(stateWord(another, [another, busy]).word).toBe('stuck');
  expect(stateWord(busy, [busy])).toEqual({ word: 'running', tone: 'good' });
});

test('DJ5: a held or cancelled job says why, or that nobody said', () => {
  expect(remark(aJob({ state: 'held', reason: 'a mistake in row 14' }))).toBe('Held: a mistake in row 14');
  expect(remark(aJob({ state: 'cancelled', reason: '' }))).toBe('Cancelled, without a reason.');
  expect(remark(aJob({ waiting: IN_LINE }))).toBe(IN_LINE);
});

test('DJ6: progress in words names every state that has units', () => {
  const units = { total: 2000, validated: 1200, active: 3, pending: 790, failed: 6, cancelled: 1 };
  expect(progressWords(units)).toBe('1,200 of 2,000 validated, 3 active, 790 pending, 6 failed, 1 cancelled');
});

test('DJ7: the pace of a job is what became final in the last minute, and nothing is said from too little', () => {
  const at = (validated: number) => aJob({ units: { total: 100, validated, pending: 100 - validated } });
  let paces: Paces = new Map();
  paces = watchPaces(paces, [at(0)], 0);
  expect(paceOf(paces, at(2), 1000)).toBeNull();
  paces = watchPaces(paces, [at(20)], 10_000);
  expect(paceOf(paces, at(20), 10_000)).toBe(2);
  expect(timeLeft(at(20), 2)).toBe(40_000);
  paces = watchPaces(paces, [at(20)], 69_000);
  paces = watchPaces(paces, [at(20)], 71_000);
  expect(paceOf(paces, at(20), 71_000)).toBe(0);
  expect(timeLeft(at(20), 0)).toBeNull();
  expect(watchPaces(paces, [], 72_000).size).toBe(0);
});

test('DJ8: independence in words names what is asked, and says plainly when nothing is', () => {
  expect(independenceWords({ device: true, volunteer: true, prefix: false })).toContain(
    'different devices and volunteers',
  );
  expect(independenceWords(Object.fromEntries(KINS.map((kin) => [kin, false])) as never)).toContain(
    'may confirm itself',
  );
});
