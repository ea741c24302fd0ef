import type { ProgramContext } from '@gossamer/program';
import { factorPicture } from './factor-picture.ts';
import { countPrimes } from './sieve.ts';

/** `width`: how many numbers a unit looks at. */
export interface PrimesParams {
  width: number;
}

/** How many primes there are in [start, start + width). */
export const run = (start: number, ctx: ProgramContext<PrimesParams>): number => {
  ctx.picture(factorPicture(start));
  return countPrimes(start, start + ctx.params.width, (done) => ctx.progress(done));
};
