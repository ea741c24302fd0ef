import { expect, test } from 'vitest';
import { textOf } from '../src/cli/table.ts';
import type { Outcome } from '../src/measure/outcome.ts';
import { colluders } from '../src/population/liars.ts';
import { adversarySweep } from '../src/scenarios/adversary-sweep.ts';
import { churn } from '../src/scenarios/churn.ts';
import { fairness } from '../src/scenarios/fairness.ts';
import type { Options, Scenario } from '../src/scenarios/options.ts';
import { policies } from '../src/scenarios/policies.ts';
import { simulateAll, worldPlan } from '../src/scenarios/simulate.ts';
import { tail } from '../src/scenarios/tail.ts';

/** Small, with all invariants after every step and a replay at the end: `simulate` throws when one does not hold. */
const small = (scenario: Scenario, more: Partial<Options>): Record<string, unknown> =>
  scenario.run(
    { ...scenario.defaults, units: 200, devices: 15, unitMs: 1500, warmupMs: 0, check: true, ...more },
    () => {},
  );

interface PolicyRow extends Outcome {
  policy: string;
  liar: string;
  saboteurs: number;
}

interface SweepRow {
  s: number;
  n: number;
  units: number;
  wrongFinal: number;
  share: number;
  upper95: number;
  maxErrorRate: number;
}

test('SM15: the same seed prints the same, to the letter', () => {
  const once = () => JSON.stringify(small(churn, { seed: 3 }));
  expect(once()).toBe(once());
});

test('SM16: policies has one row for each policy, kind of liar and share, and tells what each cost', () => {
  const found = small(policies, { units: 150 }) as unknown as { seed: number; rows: PolicyRow[] };
  expect(found.seed).toBe(1);
  const cases = new Set(found.rows.map(({ liar, saboteurs }) => `${liar} ${saboteurs}`));
  expect(found.rows).toHaveLength(3 * cases.size);
  for (const name of [
    'always 0.2',
    'sometimes 0.1 0.05',
    'sometimes 0.5 0.2',
    'sleeper 50 0.05',
    'sometimes 0.02 0.2',
    'colluders 0.1',
    'sybils 0.05',
    'sybils 0.2',
    'none 0',
  ])
    expect(cases).toContain(name);
  for (const row of found.rows) {
    expect(row).toMatchObject({ complete: true, validated: 150, failed: 0 });
    expect(row.attemptsPerUnit).toBeGreaterThanOrEqual(row.policy === 'quorum-2' ? 2 : 1);
    expect(row.wrongUpper95).toBeGreaterThan(row.wrongFinal);
    expect(row.wrongFinal).toBeLessThanOrEqual(row.wrongWhenFinal);
    expect(row.caughtKeep).toBeLessThanOrEqual(row.wrongCredit);
    const isLone = row.policy === 'quorum-2' && row.liar !== 'colluders';
    if (isLone || row.liar === 'none') expect([row.wrongFinal, row.wronged, row.wrongCredit]).toEqual([0, 0, 0]);
    if (row.liar === 'none') expect([row.caught, row.revoked]).toEqual([0, 0]);
  }
}, 120_000);

test('SM24: several seeds of one row are summed, and are those that each gives alone', () => {
  const plan = worldPlan({ ...policies.defaults, devices: 12, check: true }, { saboteurs: 0.3, liar: colluders() });
  const over = (seed: number, seeds: number): Outcome =>
    simulateAll(
      plan,
      { ...policies.defaults, units: 120, devices: 12, unitMs: 1500, seed, seeds },
      { kind: 'quorum', quorum: 2 },
    );
  const alone = [4, 5, 6].map((seed) => over(seed, 1));
  const all = over(4, 3);
  for (const name of ['units', 'validated', 'attempts', 'wrongFinal', 'revoked', 'wronged', 'wrongCredit'] as const)
    expect(all[name]).toBe(alone.reduce((sum, outcome) => sum + outcome[name], 0));
  expect(all.wrongFinal).toBeGreaterThan(0);
  expect(new Set(alone.map(({ attempts }) => attempts)).size).toBeGreaterThan(1);
  expect(all.attemptsPerUnit).toBeCloseTo(all.attempts / 360, 9);
  expect(all.makespan).toBeCloseTo(alone.reduce((sum, { makespan }) => sum + makespan!, 0) / 3, 6);
});

test('SM17: churn tells what every attempt after the first of each unit is for', () => {
  const found = small(churn, { units: 400, warmupMs: 120_000 });
  const { extraPerUnit, attemptsPerUnit, ...rest } = found as unknown as Outcome & {
    extraPerUnit: Record<string, number>;
  };
  expect(rest).toMatchObject({ complete: true, validated: 400, wrongFinal: 0 });
  const extras = Object.values(extraPerUnit).reduce((sum, each) => sum + each, 0);
  expect(attemptsPerUnit).toBeCloseTo(1 + extras, 6);
  expect(Object.values(extraPerUnit).every((each) => each >= 0)).toBe(true);
});

test('SM18: no policy is sooner than the ideal, in which no time of a device is lost', () => {
  const { rows } = small(tail, { units: 300 }) as unknown as {
    rows: { policy: string; makespan: number; ideal: number; ratio: number }[];
  };
  expect(rows.map(({ policy }) => policy)).toEqual(['trusted', 'adaptive', 'quorum-2']);
  for (const { ratio } of rows) expect(ratio).toBeGreaterThan(1);
  expect(rows[2]!.ideal).toBeGreaterThan(1.5 * rows[0]!.ideal);
});

test('SM19: shares of equal jobs are told, and none gets nothing while another one floods the grid', () => {
  const found = small(fairness, { units: 20_000, devices: 30, check: false }) as unknown as {
    fairShare: number;
    least: number;
    rows: { share: number }[];
  };
  expect(found.rows).toHaveLength(11);
  expect(found.rows.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
  expect(found.fairShare).toBeCloseTo(1 / 11, 6);
  expect(found.least).toBeGreaterThan(0.5);
});

test('SM20: the sweep goes through rates and patience of liars, and names the worst', () => {
  const found = small(adversarySweep, { units: 60, devices: 8, unitMs: 800, seeds: 2 }) as unknown as {
    worst: SweepRow;
    rows: SweepRow[];
  };
  expect(found.rows).toHaveLength(32);
  expect(new Set(found.rows.map(({ s, n }) => `${s} ${n}`)).size).toBe(32);
  for (const row of found.rows) {
    expect(row).toMatchObject({ complete: true, units: 120, maxErrorRate: 0.01, share: row.wrongFinal / 120 });
    expect(row.upper95).toBeGreaterThan(row.share);
  }
  expect(found.worst.share).toBe(Math.max(...found.rows.map(({ share }) => share)));
}, 120_000);

test('SM21: for people, figures are lines and lists are tables', () => {
  const text = textOf({
    seed: 1,
    rate: 0.123456,
    rows: [
      { policy: 'a', n: 1, left: null },
      { policy: 'bcd', n: 20, left: 5 },
    ],
  });
  expect(text.split('\n')).toEqual([
    'seed: 1',
    'rate: 0.1235',
    '',
    'policy   n  left',
    'a        1     -',
    'bcd     20     5',
  ]);
});
