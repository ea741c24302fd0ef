import type { Picture } from '@gossamer/program';

/** A prime number of pixels wide, so that the multiples of each prime run as slanted lines. */
const SIDE = 251;
const FACTORS = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31] as const;
const NO_SMALL_FACTOR = [255, 244, 214] as const;

/** The numbers from `start` on, a pixel each: the darker, the smaller their least prime factor. What glows may be prime. */
export const factorPicture = (start: number): Picture => {
  const rgba = new Uint8ClampedArray(SIDE * SIDE * 4);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const rank = FACTORS.findIndex((factor) => (start + i) % factor === 0);
    const shade = rank / FACTORS.length;
    const colour = rank < 0 ? NO_SMALL_FACTOR : [12 + 130 * shade, 10 + 40 * shade, 46 + 110 * shade];
    rgba.set([...colour, 255], 4 * i);
  }
  return { width: SIDE, height: SIDE, rgba };
};
