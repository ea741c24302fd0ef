import type { Hit, Track } from './drift-path.ts';
import { MERGE_RADIUS } from './drift-search.ts';

/** Strongest first; among equals the lower bin, then the lower drift: an order that does not depend on the input's. */
export function strongestFirst(a: Hit, b: Hit): number {
  return b.snr - a.snr || a.bin - b.bin || a.drift - b.drift;
}

/** Whether two paths keep within MERGE_RADIUS bins of each other: straight paths do where their two ends do. */
function keepTogether(a: Track, b: Track): boolean {
  return Math.abs(a.bin - b.bin) <= MERGE_RADIUS && Math.abs(a.bin + a.drift - (b.bin + b.drift)) <= MERGE_RADIUS;
}

/**
 * The hits of all bands as one list, strongest first. Of hits that keep together the strongest stays: the same rule by
 * which one band cleans around its own hits, so a tone at a border between two bands, should both report a path of it,
 * is reported once.
 */
export function mergeHits(bands: readonly (readonly Hit[])[]): Hit[] {
  const merged: Hit[] = [];
  const buckets = new Map<number, Hit[]>();
  for (const hit of bands.flat().sort(strongestFirst)) {
    const bucket = Math.floor(hit.bin / MERGE_RADIUS);
    const near = [bucket - 1, bucket, bucket + 1].flatMap((key) => buckets.get(key) ?? []);
    if (near.some((stronger) => keepTogether(stronger, hit))) continue;
    merged.push(hit);
    buckets.set(bucket, [...(buckets.get(bucket) ?? []), hit]);
  }
  return merged;
}
