import type { DeviceClass } from '@gossamer/protocol';

interface Tally {
  agreed: number;
  differed: number;
}

/** Comparisons that a sentence about classes needs at the least. */
const ENOUGH = 5;

/** How often results of devices of one class, and of two classes, agreed. Volatile: counted anew after a start. */
export class ClassTally {
  readonly within: Tally = { agreed: 0, differed: 0 };
  readonly #between = new Map<string, Tally>();

  add(a: DeviceClass, b: DeviceClass, agreed: boolean): void {
    const tally = a === b ? this.within : this.#tallyBetween(a, b);
    if (agreed) tally.agreed += 1;
    else tally.differed += 1;
  }

  #tallyBetween(a: DeviceClass, b: DeviceClass): Tally {
    const key = a < b ? `${a} and ${b}` : `${b} and ${a}`;
    let tally = this.#between.get(key);
    if (tally === undefined) {
      tally = { agreed: 0, differed: 0 };
      this.#between.set(key, tally);
    }
    return tally;
  }

  /**
   * Two classes that disagree with each other far more often than devices of one class do, so that it is not the
   * devices' honesty; null when there are none.
   */
  get quarrel(): { classes: string; differed: number; compared: number } | null {
    const inside = this.within.differed / Math.max(1, this.within.agreed + this.within.differed);
    for (const [classes, { agreed, differed }] of this.#between) {
      const compared = agreed + differed;
      if (compared < ENOUGH || differed / compared < 0.2 || differed / compared < 5 * inside) continue;
      return { classes, differed, compared };
    }
    return null;
  }
}
