import { createHash, randomBytes } from 'node:crypto';
import { onTestFailed } from 'vitest';

/** Numbers from 0 up to, but without, 1: the same ones for the same seed. */
export const numbersOf = (seed: string): (() => number) => {
  let asked = 0;
  return () => {
    const digest = createHash('sha256').update(`${seed}:${asked++}`).digest();
    return digest.readUInt32LE(0) / 2 ** 32;
  };
};

/** Chance for one test: its seed is told when the test fails, and GOSSAMER_SEED sets it. */
export const chanceOfTest = (): (() => number) => {
  const seed = process.env['GOSSAMER_SEED'] ?? randomBytes(4).toString('hex');
  onTestFailed(() => void process.stderr.write(`its moments came from GOSSAMER_SEED=${seed}\n`));
  return numbersOf(seed);
};

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
