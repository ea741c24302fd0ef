import { crc32 } from 'node:zlib';
import type { Segment, Shard } from '../../log-store.ts';

const NONE = new Uint32Array();

// The bytes come first: for none at all zlib may forget the value that it was given to go on from.
const checksum = (bytes: Uint8Array, numbers: readonly number[]): number =>
  crc32(new Uint8Array(Float64Array.from(numbers).buffer), crc32(bytes));

/**
 * CRC-32 (as in zlib) over the body, then shard, epoch, seq, n and the numbers of its parts, if it has any, as 64-bit
 * floats in this machine's byte order.
 */
export const segmentChecksum = ({ shard, epoch, seq, n, body, parts = NONE }: Segment): number =>
  checksum(body, [shard, epoch, seq, n, ...parts]);

/** A checksum in as many digits as the largest one has. */
export const checksumText = (checksum: number): string => String(checksum).padStart(10, '0');

/** CRC-32 over the blob, then shard and seq. */
export const snapshotChecksum = (shard: Shard, seq: number, blob: Uint8Array): number => checksum(blob, [shard, seq]);
