import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Kin, KINS, waitsFor } from '../../src/jobs/independence.ts';
import { costWords, evidenceOf } from '../../src/jobs/evidence.ts';
import { isStuck, progressWords, remark, segments, stateWord, unfinished } from '../../src/jobs/job-words.ts';
import type { Paces } from '../../src/jobs/pace.ts';
import { paceOf, watchPaces } from '../../src/jobs/pace.ts';
import { comparisonWords, independenceWords, policyWords, requirementsWords } from '../../src/jobs/policy-words.ts';
import { aJob, jobId, waitsForAnother } from './fixtures.ts';

const IN_LINE = 'It waits for a free slot; other jobs are served first.';

test('DJ1: the parts of the bar touch, follow from the counts, and fill it when nothing is pending', () => {
  const counts = fc.record({
    pending: fc.nat(1000),
    active: fc.nat(1000),
    provisional: fc.nat(1000),
    validated: fc.nat(1000),
    failed: fc.nat(1000),
    cancelled: fc.nat(1000),
  });
  fc.assert(
    fc.property(counts, (units) => {
      const total = units.pending + units.active + units.provisional + units.validated + units.failed + units.cancelled;
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
  const kin = (kinships: Kin[], independence = {}) => waitsFor(aJob({ ...waitsForAnother(...kinships), independence }));
  expect(kin(['device'])).toBe('device');
  expect(kin(['device', 'prefix'])).toBe('prefix');
  expect(kin(['device', 'volunteer'])).toBe('volunteer');
  expect(kin([])).toBeNull();
  expect(kin(['device'], { device: false })).toBeNull();
});

test('DJ3: the switch is offered only to a job that waits for a second device', () => {
  expect(waitsFor(aJob({ waiting: IN_LINE, waitingFor: { kind: 'turn', kinships: [] } }))).toBeNull();
  expect(waitsFor(aJob())).toBeNull();
  expect(waitsFor(aJob({ state: 'held', ...waitsForAnother('device') }))).toBeNull();
});

test('DJ4: a job is stuck when nothing that goes on will change it, and in line when others are served', () => {
  const busy = aJob({ id: jobId(2), attempts: { leased: 3 } });
  const waiting = aJob({ waiting: IN_LINE });
  expect(isStuck(waiting, [waiting, busy])).toBe(false);
  expect(stateWord(waiting, [waiting, busy]).word).toBe('in line');
  expect(isStuck(waiting, [waiting])).toBe(true);
  const another = aJob({ ...waitsForAnother('device') });
  expect(stateWord(another, [another, busy]).word).toBe('stuck');
  expect(stateWord(busy, [busy])).toEqual({ word: 'running', tone: 'good' });
});

test('DJ5: a held or cancelled job says why, or that nobody said', () => {
  expect(remark(aJob({ state: 'held', reason: 'a mistake in row 14' }))).toBe('Held: a mistake in row 14');
  expect(remark(aJob({ state: 'cancelled', reason: '' }))).toBe('Cancelled, without a reason.');
  expect(remark(aJob({ waiting: IN_LINE }))).toBe(IN_LINE);
});

test('DJ6: progress in words names every state that has units', () => {
  const units = { total: 2000, validated: 1200, active: 3, provisional: 4, pending: 786, failed: 6, cancelled: 1 };
  expect(progressWords(units)).toBe(
    '1,200 of 2,000 validated, 4 provisional, 3 active, 786 pending, 6 failed, 1 cancelled',
  );
});

test('DO3: what cancelling gives up is all that is not final, provisional units too', () => {
  expect(unfinished({ total: 21, pending: 1, active: 2, provisional: 3, validated: 4, failed: 5, cancelled: 6 })).toBe(
    6,
  );
});

test('DJ7: the pace of a job is what became final in the last minute, and nothing is said from too little', () => {
  const at = (validated: number) => aJob({ units: { total: 100, validated, pending: 100 - validated } });
  let paces: Paces = new Map();
  paces = watchPaces(paces, [at(0)], 0);
  expect(paceOf(paces, at(2), 1000)).toBeNull();
  paces = watchPaces(paces, [at(20)], 10_000);
  expect(paceOf(paces, at(20), 10_000)).toBe(2);
  paces = watchPaces(paces, [at(20)], 69_000);
  paces = watchPaces(paces, [at(20)], 71_000);
  expect(paceOf(paces, at(20), 71_000)).toBe(0);
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

test('DJ9: when a result is true is told in words, with the target, the bounds and what a device needs', () => {
  expect(policyWords({ kind: 'adaptive', maxErrorRate: 0.0005 })).toContain('At most 0.05% of the final results');
  expect(policyWords({ kind: 'check' })).toContain('own check');
  const adaptive = aJob({ policy: { kind: 'adaptive', maxErrorRate: 0.005 } });
  const tolerance = { kind: 'tolerance', absolute: 0.001, relative: 1e-9, read: 'float32' } as const;
  expect(comparisonWords({ ...adaptive, comparison: tolerance })).toBe(
    'Numbers may differ by 0.001 or 1e-9 of the larger one; all else must be equal. Results are read as 32-bit floats.',
  );
  expect(comparisonWords(adaptive)).toContain('their bytes');
  expect(comparisonWords(aJob({ policy: { kind: 'trusted' } }))).toBeNull();
  expect(requirementsWords({ memoryMb: 4096, cores: 1, wasm: ['simd', 'threads'] })).toBe(
    'A device needs 4,096 MB of memory, 1 core and WebAssembly with simd and threads, as far as its browser tells.',
  );
  expect(requirementsWords({ memoryMb: 0, cores: 0, wasm: [] })).toBeNull();
});

test('DJ10: the evidence for the results names the target, the estimate and what both rest on; the cost is told', () => {
  const lines = evidenceOf({
    maxErrorRate: 0.005,
    rate: 0.00123,
    confirmed: 1200,
    single: 3000,
    checks: 2600,
    failedChecks: 4,
    caught: 2,
    revoked: 17,
    assumedLiars: 0.05,
  });
  expect(lines.map(({ label, value }) => [label, value])).toEqual([
    ['Stated target', '0.5%'],
    ['Estimated', '0.12%'],
    ['Confirmed', '1,200'],
    ['Single', '3,000'],
    ['Compared', '2,600'],
    ['Caught', '2'],
  ]);
  expect(lines.map(({ meaning }) => meaning).join(' ')).toMatch(/5% of all devices lie.* 4 of them .* 17 results/);
  expect(costWords({ leftMs: 1, attemptsPerUnit: 1.254, unitMs: 2000, computeMs: 7_200_000, credit: 1234.5 })).toBe(
    'About 2 h of run time over all devices, and 1,235 credit, for the whole job: 1.25 attempts a unit so far, of 2 s each.',
  );
});
