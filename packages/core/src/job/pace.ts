const BUCKET_MS = 10_000;
const BUCKETS = 12;

/** How many units became final lately: counts of ten seconds each, over two minutes. Volatile. */
export class Pace {
  #buckets: { at: number; count: number }[] = [];

  add(now: number, count: number): void {
    const at = Math.floor(now / BUCKET_MS);
    const last = this.#buckets.at(-1);
    if (last !== undefined && last.at >= at) last.count += count;
    else this.#buckets.push({ at, count });
    if (this.#buckets.length > BUCKETS) this.#buckets.shift();
  }

  /** Units a ms, over the last two minutes at the most; 0 when none became final in them. */
  rate(now: number): number {
    const current = Math.floor(now / BUCKET_MS);
    const recent = this.#buckets.filter(({ at }) => at > current - BUCKETS);
    if (recent.length === 0) return 0;
    const span = Math.max(now - recent[0]!.at * BUCKET_MS, 1000);
    return recent.reduce((sum, { count }) => sum + count, 0) / span;
  }
}
