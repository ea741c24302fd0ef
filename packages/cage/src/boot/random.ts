import { NativeUint8Array } from './primordials.ts';

/** A stream of 32-bit integers. */
export type Random = () => number;

/** sfc32 (Chris Doty-Humphrey's PractRand), its state filled from a 32-bit seed by splitmix32, 12 rounds discarded. */
export const makeRandom = (seed: number): Random => {
  let mix = seed | 0;
  const next = (): number => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix ^ (mix >>> 16);
    z = imul(z, 0x21f0aaad);
    z = imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let a = next();
  let b = next();
  let c = next();
  let counter = 1;
  const draw = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let round = 0; round < 12; round++) draw();
  return draw;
};

const { imul } = Math;

/** The unit's two streams, made when first drawn of: what a program draws of one does not shift the other. */
let unitSeed = 0;
let numbers: Random | undefined;
let bytes: Random | undefined;

/** Starts both streams anew, the same for every replica of a unit. */
export const reseed = (seed: number): void => {
  unitSeed = seed;
  numbers = undefined;
  bytes = undefined;
};

/** In [0, 1), with 53 random bits. */
export const random = (): number => {
  const draw = (numbers ??= makeRandom(unitSeed));
  return ((draw() >>> 5) * 0x4000000 + (draw() >>> 6)) / 0x20000000000000;
};

export const fillBytes = (buffer: ArrayBufferLike, offset: number, length: number): void => {
  const view = new NativeUint8Array(buffer, offset, length);
  const draw = (bytes ??= makeRandom(unitSeed ^ 0x5bd1e995));
  for (let i = 0; i < length;) {
    let word = draw();
    for (let n = 0; n < 4 && i < length; n++, i++) {
      view[i] = word & 0xff;
      word >>>= 8;
    }
  }
};
