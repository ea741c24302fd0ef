import { expect } from 'vitest';

/** What must hold at every step of thousands of stories. An assertion that holds costs more than many a step does. */
export const must = (holds: boolean, what: string, seen?: unknown): void => {
  if (!holds) expect.fail(seen === undefined ? what : `${what}: ${JSON.stringify(seen)}`);
};
