/** Steps of the logarithmic scale: each is this factor wider than the one before, so a quantile is right to 2%. */
const STEP = 1.02;
const LEAST_MS = 0.001;
const STEPS = 1200;

/** Times in ms, on a logarithmic scale: a fixed size, however many there are. */
export class Histogram {
  readonly #counts = new Uint32Array(STEPS);
  #count = 0;
  #most = 0;

  add(ms: number): void {
    const step = Math.floor(Math.log(Math.max(ms, LEAST_MS) / LEAST_MS) / Math.log(STEP));
    this.#counts[Math.min(step, STEPS - 1)]! += 1;
    this.#count += 1;
    this.#most = Math.max(this.#most, ms);
  }

  get count(): number {
    return this.#count;
  }

  get most(): number {
    return this.#most;
  }

  /** The time that a share `q` of all does not pass, ms; 0 when there are none. */
  quantile(q: number): number {
    const wanted = Math.ceil(q * this.#count);
    let seen = 0;
    for (let step = 0; step < STEPS; step++) {
      seen += this.#counts[step]!;
      if (seen >= wanted && seen > 0) return LEAST_MS * STEP ** (step + 0.5);
    }
    return 0;
  }
}
