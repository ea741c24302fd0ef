import { type AppendOutcome, GRID_SHARD, type Segment } from '../../log-store.ts';
import { expectNext, runsByShard, type ShardRun } from '../../shard-run.ts';
import type { Connection } from '../connection.ts';
import { checksumText, segmentChecksum } from './checksum.ts';

const SHARD = 'SELECT epoch, next FROM shard WHERE shard = ?';

/** The fence: owner, place and progress in one statement. */
const ADVANCE = 'UPDATE shard SET next = ? WHERE shard = ? AND epoch = ? AND next = ?';

const INSERT = 'INSERT INTO segment (shard, seq, n, epoch, checksum, body) VALUES (?, ?, ?, ?, ?, ?)';
const GRID_INSERT = 'INSERT INTO grid_segment (seq, n, epoch, checksum, body) VALUES (?, ?, ?, ?, ?)';

/**
 * The append within an open transaction. All shards are looked at before the first write, so that a SequenceGap leaves
 * nothing of this append behind in a transaction that others share.
 */
export const segmentWriter = (connection: Connection): ((segments: readonly Segment[]) => AppendOutcome[]) => {
  const shard = connection.prepare<[number], { epoch: number; next: number }>(SHARD);
  const advance = connection.prepare<[number, number, number, number]>(ADVANCE);
  const insert = connection.prepare<[number, number, number, number, number, Uint8Array]>(INSERT);
  const gridInsert = connection.prepare<[number, number, number, string, Uint8Array]>(GRID_INSERT);

  const write = (segment: Segment): void => {
    const { shard, seq, n, epoch, body } = segment;
    const checksum = segmentChecksum(segment);
    if (shard === GRID_SHARD) gridInsert.run(seq, n, epoch, checksumText(checksum), body);
    else insert.run(shard, seq, n, epoch, checksum, body);
  };

  const isOwned = (run: ShardRun): boolean => {
    const row = shard.get(run.shard);
    if (row === undefined || row.epoch !== run.epoch) return false;
    expectNext(run.shard, row.next, run.seq);
    return true;
  };

  return (segments) => {
    const outcomes = segments.map((): AppendOutcome => 'fenced');
    for (const run of runsByShard(segments).filter(isOwned)) {
      if (advance.run(run.end, run.shard, run.epoch, run.seq).changes === 0) continue;
      for (const place of run.places) {
        write(segments[place]!);
        outcomes[place] = 'ok';
      }
    }
    return outcomes;
  };
};
