import { BoincRule } from '../baseline/boinc-rule.ts';
import type { JobPlan } from '../grid/sim-job.ts';
import type { LiarPlan } from '../population/liars.ts';
import { always, colluders, sleeper, sometimes, sybils } from '../population/liars.ts';
import type { Additions } from '../world/world.ts';
import type { Options, Scenario } from './options.ts';
import { simulateAll, worldPlan } from './simulate.ts';

/** A sybil that is not caught changes its identity after so many results. */
const SYBIL_RESULTS = 100;

/** Kinds of liars, and the shares of devices that they make up. */
const LIARS: readonly { liar: LiarPlan; shares: readonly number[] }[] = [
  { liar: always(), shares: [0.05, 0.2] },
  { liar: sometimes(0.5), shares: [0.05, 0.2] },
  { liar: sometimes(0.1), shares: [0.05, 0.2] },
  { liar: sometimes(0.02), shares: [0.05, 0.2] },
  { liar: sleeper(50), shares: [0.05, 0.2] },
  { liar: sleeper(200), shares: [0.05, 0.2] },
  { liar: colluders(), shares: [0.1] },
  { liar: { ...sybils(SYBIL_RESULTS, false), name: 'sybils' }, shares: [0.05, 0.2] },
];

interface Contestant {
  readonly name: string;
  readonly policy: JobPlan['policy'];
  readonly additions?: (chance: () => number) => Additions;
}

/** BOINC's rule stands in for that of adaptive jobs. */
const boinc = (chance: () => number): Additions => {
  const rule = new BoincRule(chance);
  return { rule: () => rule.rule, watchers: [rule] };
};

const contestants = ({ maxErrorRate }: Options): Contestant[] => [
  { name: 'quorum-2', policy: { kind: 'quorum', quorum: 2 } },
  { name: 'boinc', policy: { kind: 'adaptive', maxErrorRate }, additions: boinc },
  { name: 'adaptive', policy: { kind: 'adaptive', maxErrorRate } },
];

/** Policies on the same seeds: what they cost, and what gets past them. */
export const policies: Scenario = {
  name: 'policies',
  about: 'attempts per unit and wrong final results of quorum 2, BOINC and adaptive, by kind and share of liars',
  takesSeeds: true,
  defaults: {
    seed: 1,
    seeds: 1,
    units: 100_000,
    devices: 100,
    unitMs: 2000,
    maxErrorRate: 0.01,
    warmupMs: 0,
    check: false,
  },
  run(options, progress) {
    const { seed, ...rest } = options;
    const cases = [
      { liar: null, saboteurs: 0 },
      ...LIARS.flatMap(({ liar, shares }) => shares.map((saboteurs) => ({ liar, saboteurs }))),
    ];
    const rows = cases.flatMap(({ liar, saboteurs }) =>
      contestants(options).map(({ name, policy, additions }) => {
        progress(`${name}, ${liar?.name ?? 'none'}, ${saboteurs}`);
        const outcome = simulateAll(worldPlan(options, { saboteurs, liar }), options, policy, additions);
        return { policy: name, liar: liar?.name ?? 'none', saboteurs, ...outcome };
      }),
    );
    return { seed, ...rest, rows };
  },
};
