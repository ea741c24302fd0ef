/**
 * The seed of a work unit: the same for every replica. A 32-bit mix of the job's seed and the unit's index
 * (the finalizer of MurmurHash3, which spreads neighbouring indices over all bits).
 */
export const unitSeed = (jobSeed: number, index: number): number => {
  let h = (jobSeed ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};
