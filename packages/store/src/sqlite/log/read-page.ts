import { GRID_SHARD, type LogDamaged, type Segment, type Shard } from '../../log-store.ts';
import type { Connection } from '../connection.ts';
import { segmentChecksum } from './checksum.ts';
import { damaged } from './damaged.ts';
import { unpackBody } from './packed-body.ts';

type Row = Segment & { checksum: number; packed: number | null };

const SHARD = 'SELECT first, next FROM shard WHERE shard = ?';
/** From the segment that holds a fact, or the first after it. */
const SEGMENTS = `
  SELECT shard, epoch, seq, n, checksum, packed, body FROM segment
  WHERE shard = @shard
    AND seq >= coalesce((SELECT max(seq) FROM segment WHERE shard = @shard AND seq <= @fact), 0)
    AND seq + n > @fact
  ORDER BY seq`;
const GRID_SEGMENTS = `
  SELECT ${GRID_SHARD} AS shard, epoch, seq, n, CAST(checksum AS INTEGER) AS checksum, NULL AS packed, body
  FROM grid_segment
  WHERE seq >= coalesce((SELECT max(seq) FROM grid_segment WHERE seq <= @fact), 0) AND seq + n > @fact
  ORDER BY seq`;

/** Reads pages of segments after a fact, each checked; throws LogDamaged for a wrong checksum or a missing segment. */
export const pageReader = (
  connection: Connection,
): ((shard: Shard, afterSeq: number, maxBytes: number) => Segment[]) => {
  const bounds = connection.prepare<[number], { first: number; next: number }>(SHARD);
  const segments = connection.prepare<[{ shard: number; fact: number }], Row>(SEGMENTS);
  const gridSegments = connection.prepare<[{ fact: number }], Row>(GRID_SEGMENTS);

  const damagedAt = (shard: Shard, seq: number, what: string): LogDamaged =>
    damaged(connection.name, `the log of shard ${shard} is damaged at fact ${seq}: ${what}`);

  const unpacked = ({ packed, checksum, ...stored }: Row): Segment => {
    try {
      const segment = packed === null ? stored : { ...stored, ...unpackBody(stored.body, packed) };
      if (segmentChecksum(segment) === checksum) return segment;
    } catch {
      // What cannot be unpacked is not what was packed.
    }
    throw damagedAt(stored.shard, stored.seq, 'the checksum of its segment is wrong');
  };

  const readPage = (shard: Shard, afterSeq: number, maxBytes: number): Segment[] => {
    const { first, next } = bounds.get(shard) ?? { first: 1, next: 1 };
    let expected = Math.max(afterSeq + 1, first);
    const page: Segment[] = [];
    if (expected >= next) return page;
    let bytes = 0;
    const rows =
      shard === GRID_SHARD ? gridSegments.iterate({ fact: expected }) : segments.iterate({ shard, fact: expected });
    for (const row of rows) {
      const { seq, n } = row;
      const continues = page.length === 0 ? seq <= expected : seq === expected;
      if (!continues) throw damagedAt(shard, expected, `the next segment starts at ${seq}`);
      const segment = unpacked(row);
      page.push(segment);
      expected = seq + n;
      bytes += segment.body.byteLength;
      if (bytes >= maxBytes) return page;
    }
    if (expected !== next)
      throw damagedAt(shard, expected, `the log ends there, but facts up to ${next - 1} were written`);
    return page;
  };
  // One transaction, so that the bounds belong to the segments.
  return connection.transaction(readPage);
};
