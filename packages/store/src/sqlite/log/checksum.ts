import { crc32 } from 'node:zlib';
import type { Segment, Shard } from '../../log-store.ts';

// The bytes come first: for none at all zlib may forget the value that it was given to go on from.
const checksum = (bytes: Uint8Array, numbers: readonly number[]): number =>
  crc32(new Uint8Array(Float64Array.from(numbers).buffer), crc32(bytes));

/** CRC-32 (as in zlib) over the body, then shard, epoch, seq and n as 64-bit floats in this machine's byte order. */
export const segmentChecksum = ({ shard, epoch, seq, n, body }: Segment): number =>
  checksum(body, [shard, epoch, seq, n]);

/** CRC-32 over the blob, then shard and seq. */
export const snapshotChecksum = (shard: Shard, seq: number, blob: Uint8Array): number => checksum(blob, [shard, seq]);
