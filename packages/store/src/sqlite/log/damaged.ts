import { LogDamaged } from '../../log-store.ts';

/** `what` names the place, and whose it is. An operator may read this at a start that fails: so it tells the way out. */
export const damaged = (path: string, what: string): LogDamaged =>
  new LogDamaged(
    `${path}: ${what}. (Shard 0 is the grid's own log, any other is the log of a job, by its number.)\n` +
      'It is not repaired: what was altered cannot be told from it. Restore the data directory from a backup ' +
      '(docs/operations.md, "A damaged log").',
  );
