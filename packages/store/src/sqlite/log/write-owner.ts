import type { AppendOutcome, Shard } from '../../log-store.ts';
import { checkSnapshotSeq } from '../../shard-run.ts';
import type { Connection } from '../connection.ts';
import { snapshotChecksum } from './checksum.ts';
import type { TrimOutcome } from './messages.ts';

const FIRST_CLAIM = 'INSERT INTO shard (shard, epoch, first, next) VALUES (?, 1, 1, 1) ON CONFLICT DO NOTHING';
const NEXT_CLAIM = 'UPDATE shard SET epoch = epoch + 1 WHERE shard = ? AND epoch = ?';

/** Claims within an open transaction: the new epoch, or null. */
export const claimer = (connection: Connection): ((shard: Shard, seenEpoch: number) => { epoch: number } | null) => {
  const first = connection.prepare<[number]>(FIRST_CLAIM);
  const next = connection.prepare<[number, number]>(NEXT_CLAIM);
  return (shard, seenEpoch) => {
    const { changes } = seenEpoch === 0 ? first.run(shard) : next.run(shard, seenEpoch);
    return changes === 0 ? null : { epoch: seenEpoch + 1 };
  };
};

const BOUNDS = `
  SELECT next, coalesce((SELECT seq FROM snapshot WHERE snapshot.shard = shard.shard), 0) AS before
  FROM shard WHERE shard = ? AND epoch = ?`;
const SET_SNAPSHOT = `
  INSERT INTO snapshot (shard, seq, checksum, blob)
  SELECT shard, ?, ?, ? FROM shard WHERE shard = ? AND epoch = ?
  ON CONFLICT DO UPDATE SET seq = excluded.seq, checksum = excluded.checksum, blob = excluded.blob`;

/** Writes a snapshot within an open transaction. */
export const snapshotWriter = (
  connection: Connection,
): ((shard: Shard, epoch: number, seq: number, blob: Uint8Array) => AppendOutcome) => {
  const bounds = connection.prepare<[number, number], { next: number; before: number }>(BOUNDS);
  const set = connection.prepare<[number, number, Uint8Array, number, number]>(SET_SNAPSHOT);
  return (shard, epoch, seq, blob) => {
    const row = bounds.get(shard, epoch);
    if (row === undefined) return 'fenced';
    checkSnapshotSeq(shard, seq, row.before, row.next);
    return set.run(seq, snapshotChecksum(shard, seq, blob), blob, shard, epoch).changes === 0 ? 'fenced' : 'ok';
  };
};

/** How many segments one trim removes at most: the appends in the same commit wait for them. */
const TRIM_STEP = 256;
const TRIM = `
  DELETE FROM segment WHERE id IN (
    SELECT segment.id FROM segment JOIN shard USING (shard)
    WHERE shard = ? AND shard.epoch = ? AND seq <= ? AND seq + n - 1 <= ? ORDER BY seq LIMIT ${TRIM_STEP})`;
const SET_FIRST = `
  UPDATE shard SET first = coalesce((SELECT min(seq) FROM segment WHERE segment.shard = shard.shard), next)
  WHERE shard = ? AND epoch = ?`;

/** Pages that are given back to the file system after each step: about as many as became free. */
const VACUUM = 'PRAGMA incremental_vacuum(2048)';

/** Removes the oldest segments within an open transaction; 'more' when some are left to remove. */
export const trimmer = (connection: Connection): ((shard: Shard, epoch: number, uptoSeq: number) => TrimOutcome) => {
  const trim = connection.prepare<[number, number, number, number]>(TRIM);
  const setFirst = connection.prepare<[number, number]>(SET_FIRST);
  return (shard, epoch, uptoSeq) => {
    const { changes } = trim.run(shard, epoch, uptoSeq, uptoSeq);
    if (setFirst.run(shard, epoch).changes === 0) return 'fenced';
    if (changes > 0) connection.exec(VACUUM);
    return changes === TRIM_STEP ? 'more' : 'ok';
  };
};
