import { parseArgs } from 'node:util';
import type { Mutation } from '../harness/grid.ts';

/** A mistake in the arguments. */
export class UsageError extends Error {}

const WALLS = ['scrub', 'csp', 'allowlist'] as const;

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

/** The walls that are taken away: `scrub,csp`, or `all`. */
export const mutationOf = (text: string): Mutation => {
  const names = text === 'all' ? [...WALLS] : text.split(',').filter((name) => name !== '');
  const unknown = names.find((name) => !(WALLS as readonly string[]).includes(name));
  if (unknown !== undefined) throw new UsageError(`--without ${unknown}: expected ${WALLS.join(', ')} or all`);
  return Object.fromEntries(names.map((name) => [name, true]));
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
