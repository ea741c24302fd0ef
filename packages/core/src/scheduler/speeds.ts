/** Devices are not taken to be further apart: what seems to be is a claim, or chance. */
const SPREAD = 8;
/** Weight of the newest measurement in a device's moving average. */
const NEWEST = 0.1;
/** Devices that are remembered: some 10 MB. */
const MOST_DEVICES = 100_000;

interface Speed {
  factor: number;
  measurements: number;
  reach: number;
}

/**
 * How fast devices are, learnt over all jobs. A unit's run time is taken to be what the unit costs times the factor of
 * its device, so that a job measured by some devices tells what its units take others. Only the product is ever
 * measured, and the first device sets the scale. Volatile and bounded: who was measured longest ago is forgotten.
 */
export class Speeds {
  /** Those that were measured longest ago come first. */
  readonly #known = new Map<number, Speed>();
  readonly #most: number;

  constructor(most = MOST_DEVICES) {
    this.#most = most;
  }

  /** How many times longer than at the scale the device runs, from an eighth to 8; undefined when it is not known. */
  factorOf(device: number): number | undefined {
    return this.#known.get(device)?.factor;
  }

  /** The most units that the device has brought back of one lease; 0 when it is not known. */
  reachOf(device: number): number {
    return this.#known.get(device)?.reach ?? 0;
  }

  forget(device: number): void {
    this.#known.delete(device);
  }

  /**
   * Takes in how many times longer than at the scale units of a job ran on the device, null when nothing is known of
   * the job to compare with; and how many units of their lease have come back.
   */
  learn(device: number, ratio: number | null, units: number): void {
    const speed = this.#known.get(device) ?? { factor: 1, measurements: 0, reach: 0 };
    speed.reach = Math.max(speed.reach, units);
    if (ratio !== null) {
      speed.measurements += 1;
      const seen = Math.min(SPREAD, Math.max(1 / SPREAD, ratio));
      speed.factor += Math.max(1 / speed.measurements, NEWEST) * (seen - speed.factor);
    }
    this.#known.delete(device);
    this.#known.set(device, speed);
    if (this.#known.size <= this.#most) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
  }
}
