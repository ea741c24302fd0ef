import type { LogStore, Segment, Shard } from '../../src/index.ts';

/** A body that tells its place: as many bytes as asked for, all derived from shard and seq. */
export const bodyOf = (shard: Shard, seq: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, place) => (shard * 31 + seq * 7 + place) % 251);

export const segmentOf = (shard: Shard, epoch: number, seq: number, n = 1, length = 40): Segment => ({
  shard,
  epoch,
  seq,
  n,
  body: bodyOf(shard, seq, length),
});

export const readAll = async (log: LogStore, shard: Shard, afterSeq = 0, maxBytes?: number): Promise<Segment[]> => {
  const segments: Segment[] = [];
  for await (const segment of log.read(shard, afterSeq, maxBytes)) {
    segments.push({ ...segment, body: new Uint8Array(segment.body) });
  }
  return segments;
};

export const seqsOf = (segments: readonly Segment[]): number[] => segments.map(({ seq }) => seq);
