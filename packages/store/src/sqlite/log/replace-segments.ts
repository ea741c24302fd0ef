import type { Connection } from '../connection.ts';
import type { Replacement, ReplaceOutcome } from './messages.ts';

const OWNED = 'SELECT 1 FROM shard WHERE shard = ? AND epoch = ?';
const RANGE = 'FROM segment WHERE shard = ? AND seq >= ? AND seq < ?';
const INSERT = 'INSERT INTO segment (shard, seq, n, epoch, checksum, packed, body) VALUES (?, ?, ?, ?, ?, ?, ?)';
/** Pages that are given back to the file system after each: about as many as became free. */
const VACUUM = 'PRAGMA incremental_vacuum(64)';

/** Puts a compact segment in the place of others, within an open transaction. */
export const segmentReplacer = (connection: Connection): ((replacement: Replacement) => ReplaceOutcome) => {
  const owned = connection.prepare<[number, number]>(OWNED);
  const count = connection.prepare<[number, number, number], { segments: number }>(
    `SELECT count(*) AS segments ${RANGE}`,
  );
  const remove = connection.prepare<[number, number, number]>(`DELETE ${RANGE}`);
  const insert = connection.prepare<[number, number, number, number, number, number, Uint8Array]>(INSERT);
  return ({ shard, owner, segments, seq, n, epoch, checksum, packed, stored }) => {
    if (owned.get(shard, owner) === undefined) return 'fenced';
    if (count.get(shard, seq, seq + n)!.segments !== segments) return 'changed';
    remove.run(shard, seq, seq + n);
    insert.run(shard, seq, n, epoch, checksum, packed, stored);
    connection.exec(VACUUM);
    return 'ok';
  };
};
