/** 32 bits of a seed spread over all bits: two that differ in one bit give unlike values (the finaliser of MurmurHash3). */
export const mix = (value: number): number => {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
};

const ROUNDS = 12;

/**
 * A seeded source of chance: the same seed and stream give the same numbers. The generator is sfc32 (C. Doty-Humphrey,
 * PractRand: three words of state and a counter), which passes PractRand and needs a few instructions a number.
 */
export class Chance {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  /** Normal numbers come in pairs; the second one waits here, NaN when none does. */
  #spare = Number.NaN;

  /** Streams of one seed are independent of each other. */
  constructor(seed: number, stream: number) {
    this.#a = mix(seed);
    this.#b = mix(seed ^ 0x9e37_79b9);
    this.#c = mix(stream + 0x7f4a_7c15);
    for (let round = 0; round < ROUNDS; round++) this.word();
  }

  /** 32 bits. */
  word(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return sum >>> 0;
  }

  /** From 0 up to, but without, 1. */
  next(): number {
    return this.word() / 2 ** 32;
  }

  /** An integer from 0 up to, but without, `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  between(least: number, most: number): number {
    return least + this.next() * (most - least);
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  /** Mean `mean`. */
  exponential(mean: number): number {
    return -Math.log(1 - this.next()) * mean;
  }

  /** Mean 0, standard deviation 1 (G. E. P. Box, M. E. Muller 1958). */
  normal(): number {
    if (!Number.isNaN(this.#spare)) {
      const spare = this.#spare;
      this.#spare = Number.NaN;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    const angle = 2 * Math.PI * this.next();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Its logarithm is normal, with the standard deviation `sigma`. */
  logNormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }
}

/**
 * A number from 0 up to, but without, 1 that belongs to these keys: it does not depend on what was asked before, so that
 * whatever a policy makes of the order of events, the same device tells the same lies.
 */
export const chanceOf = (seed: number, a: number, b: number, c: number): number =>
  mix(mix(mix(mix(seed) ^ a) + b) ^ Math.imul(c, 0x9e37_79b1)) / 2 ** 32;
