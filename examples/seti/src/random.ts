/** The state of a generator: four 32 bit words, not all zero. */
export type RandomState = Int32Array;

/**
 * A generator from a 32 bit seed. The state is filled by SplitMix32 (the 32 bit variant of G. Steele, D. Lea and
 * C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014, with the finaliser of MurmurHash3).
 */
export function seedRandom(seed: number): RandomState {
  const state = new Int32Array(4);
  let counter = seed | 0;
  for (let i = 0; i < 4; i++) {
    counter = (counter + 0x9e3779b9) | 0;
    let z = counter;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    state[i] = z ^ (z >>> 16);
  }
  return state;
}

/** The next 32 bits: xoshiro128** 1.1 (D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators"). */
export function nextUint32(state: RandomState): number {
  const s0 = state[0]!;
  const s1 = state[1]!;
  const s2 = state[2]! ^ s0;
  const s3 = state[3]! ^ s1;
  const product = Math.imul(s1, 5);
  state[0] = s0 ^ s3;
  state[1] = s1 ^ s2;
  state[2] = s2 ^ (s1 << 9);
  state[3] = (s3 << 11) | (s3 >>> 21);
  return Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
}

/** A uniform number in (0, 1]: never 0, so that its logarithm is finite. */
export function nextUniform(state: RandomState): number {
  return (nextUint32(state) + 1) * 2 ** -32;
}

/** A uniform integer from `from` up to and with `to`. */
export function nextInteger(state: RandomState, from: number, to: number): number {
  return from + Math.floor((nextUint32(state) / 2 ** 32) * (to - from + 1));
}
