import { parseArgs } from 'node:util';
import type { Mutation } from '../harness/mutation.ts';

/** A mistake in the arguments. */
export class UsageError extends Error {}

const WALLS = ['scrub', 'csp', 'allowlist'] as const;
const PLACES = ['suite', 'product'] as const;

/** What both commands understand. */
export const COMMON = {
  json: { type: 'boolean', default: false },
  browser: { type: 'string', default: 'chromium' },
  without: { type: 'string', default: '' },
} as const;

/** `parseArgs`, whose complaints are UsageErrors. */
export const parse: typeof parseArgs = (config) => {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
};

export const browserOf = (name: string): 'chromium' | 'firefox' => {
  if (name === 'chromium' || name === 'firefox') return name;
  throw new UsageError(`--browser ${name}: expected chromium or firefox`);
};

/** Of `all`, the names of a list: all of them, or those that the text has, with commas between. */
const namesIn = (option: string, text: string, all: readonly string[]): string[] => {
  const names = text === 'all' ? [...all] : text.split(',').filter((name) => name !== '');
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new UsageError(`--${option} ${unknown}: expected ${all.join(', ')} or all`);
  return names;
};

/** The walls that are taken away: `scrub,csp`, or `all`. */
export const mutationOf = (text: string): Mutation =>
  Object.fromEntries(namesIn('without', text, WALLS).map((name) => [name, true]));

/** Where the cases are judged: on the suite's own page, as jobs of a coordinator, or both. */
export const placesOf = (text: string): { suite: boolean; product: boolean } => {
  const names = namesIn('on', text, PLACES);
  if (names.length === 0) throw new UsageError(`--on: expected ${PLACES.join(', ')} or all`);
  return { suite: names.includes('suite'), product: names.includes('product') };
};

export const countOf = (name: string, text: string): number => {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 0) return count;
  throw new UsageError(`--${name} ${text}: expected a whole number`);
};

export const jsonOf = (name: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`--${name} ${text}: expected JSON`);
  }
};
