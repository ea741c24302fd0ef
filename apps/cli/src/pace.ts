/** Units over time, from what was seen so far. */
export interface Pace {
  /** Units a second; null while too little was seen. */
  rate: number | null;
  leftMs: number | null;
}

export const paceOf = (done: number, total: number, firstDone: number, elapsedMs: number): Pace => {
  if (elapsedMs < 1000 || done <= firstDone) return { rate: null, leftMs: null };
  const rate = ((done - firstDone) * 1000) / elapsedMs;
  return { rate, leftMs: ((total - done) * 1000) / rate };
};

/** How far back the rate is looked at, ms: what was faster an hour ago says little of now. */
const WINDOW_MS = 60_000;
/** Samples are this far apart, ms. */
const APART_MS = 1000;

/** The pace of the last minute. */
export class PaceMeter {
  #seen: { at: number; done: number }[] = [];

  /** Pace at `now`, ms of any clock, with so many units done. */
  at(now: number, done: number, total: number): Pace {
    const last = this.#seen.at(-1);
    if (last === undefined || now - last.at >= APART_MS) this.#seen.push({ at: now, done });
    // The newest one that is older than the window stays: the rate is that of the whole window.
    while (this.#seen.length > 1 && now - this.#seen[1]!.at >= WINDOW_MS) this.#seen.shift();
    const [first] = this.#seen as [{ at: number; done: number }];
    return paceOf(done, total, first.done, now - first.at);
  }
}

export const duration = (ms: number): string => {
  const seconds = Math.ceil(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
};
