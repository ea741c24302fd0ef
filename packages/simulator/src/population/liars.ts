import { chanceOf } from '../random/chance.ts';

/** How a saboteur behaves. */
export interface LiarPlan {
  readonly name: string;
  /** The share of its results that are wrong, once it lies: each unit by itself. */
  readonly rate: number;
  /** Results that it returns honestly before it begins to lie. */
  readonly sleep: number;
  /** Saboteurs of one group return the same wrong bytes for a unit; 0: each its own. */
  readonly groups: number;
  /** Comes back as a new device of a new volunteer: when it was caught, and after so many results. */
  readonly rebirth: { readonly results: number; readonly samePrefix: boolean } | null;
}

const plain = { rate: 1, sleep: 0, groups: 0, rebirth: null };

export const always = (): LiarPlan => ({ ...plain, name: 'always' });
export const sometimes = (rate: number): LiarPlan => ({ ...plain, name: `sometimes ${rate}`, rate });
export const sleeper = (sleep: number, rate = 1): LiarPlan => ({
  ...plain,
  name: rate === 1 ? `sleeper ${sleep}` : `sleeper ${sleep}, ${rate}`,
  sleep,
  rate,
});
export const colluders = (groups = 1): LiarPlan => ({ ...plain, name: 'colluders', groups });
export const sybils = (results: number, samePrefix: boolean, rate = 1): LiarPlan => ({
  ...plain,
  name: `sybils ${results}${samePrefix ? ', one prefix' : ''}`,
  rate,
  rebirth: { results, samePrefix },
});

/** The right result. */
export const RIGHT = 0;
/** Codes of wrong results: below it those of groups, from it on those of single devices. */
export const LONE = 64;

/** A saboteur: its place in a group, or none. */
export interface Liar {
  readonly plan: LiarPlan;
  /** From 0; -1 for one that is on its own. */
  readonly group: number;
}

/**
 * What a device returns for a unit, as a code: `RIGHT`, or which lie. `returned` is how many results it has returned
 * before. It follows from the keys alone, whatever happened before.
 */
export const codeOf = (
  liar: Liar | null,
  key: number,
  device: number,
  job: number,
  unit: number,
  returned: number,
): number => {
  if (liar === null || returned < liar.plan.sleep) return RIGHT;
  if (liar.plan.rate < 1 && chanceOf(key, device, job, unit) >= liar.plan.rate) return RIGHT;
  return liar.group === -1 ? LONE + device : 1 + liar.group;
};
