import { type AppendOutcome, GRID_SHARD, type Overwrite } from '../../log-store.ts';
import { checkOverwrite } from '../../shard-run.ts';
import type { Connection } from '../connection.ts';
import { checksumText, segmentChecksum } from './checksum.ts';

const OWNED = `SELECT 1 FROM shard WHERE shard = ${GRID_SHARD} AND epoch = ?`;
const HEAD = 'SELECT n, epoch, length(body) AS bytes FROM grid_segment WHERE seq = ?';
const UPDATE = 'UPDATE grid_segment SET checksum = ?, body = ? WHERE seq = ?';

/**
 * Overwrites bodies within an open transaction. A row that keeps its size is overwritten where it lies: SQLite frees
 * nothing then, in which the old body would stay.
 */
export const overwriter = (
  connection: Connection,
): ((epoch: number, bodies: readonly Overwrite[]) => AppendOutcome) => {
  const owned = connection.prepare<[number]>(OWNED);
  const head = connection.prepare<[number], { n: number; epoch: number; bytes: number }>(HEAD);
  const update = connection.prepare<[string, Uint8Array, number]>(UPDATE);
  return (owner, bodies) => {
    if (owned.get(owner) === undefined) return 'fenced';
    for (const { seq, body } of bodies) {
      const row = head.get(seq);
      checkOverwrite(seq, body.byteLength, row?.bytes);
      const { n, epoch } = row!;
      update.run(checksumText(segmentChecksum({ shard: GRID_SHARD, epoch, seq, n, body })), body, seq);
    }
    return 'ok';
  };
};
