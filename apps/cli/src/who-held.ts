import type { JobView } from '@gossamer/protocol';
import type { Gossamer } from '@gossamer/sdk/node';

/** Facts of one look into a job's history, and how many looks are taken: little happens in a job that is held. */
const LOOK = 500;
const LOOKS = 8;

/** The cause of an order that came by REST names the key: `rest:key_…`. */
const KEY = /^rest:(key_.+)$/;

/** Who holds a job, in words, from the last order in its history; null where it is not among its newest facts. */
export const whoHeld = async (grid: Gossamer, { id, fact }: Pick<JobView, 'id' | 'fact'>): Promise<string | null> => {
  const job = grid.jobs.get(id);
  let upto = fact;
  for (let look = 0; look < LOOKS && upto > 0; look++) {
    const after = Math.max(0, upto - LOOK);
    const facts = await job.history({ after, limit: upto - after });
    const held = facts.findLast(({ kind }) => kind === 'held');
    if (held !== undefined) return wordsOf(held.cause, grid);
    upto = after;
  }
  return null;
};

const wordsOf = async (cause: string, grid: Gossamer): Promise<string> => {
  const [, key] = KEY.exec(cause) ?? [];
  if (key === undefined) return 'the grid itself';
  const own = await grid.me();
  return own.key === key ? `this key (${own.name})` : `another key, ${key}`;
};
