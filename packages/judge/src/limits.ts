import { LIMITS } from '@gossamer/protocol';

/** What one call of a program may use. */
export interface JudgeLimits {
  /** Wall-clock time of one call, with the evaluation of the program's text, ms. */
  timeMs: number;
  /** The engine's whole memory, with the program's text and values, bytes; at least 16 MiB, the engine's own start. */
  memoryBytes: number;
  /** What a call returns, as JSON, bytes. */
  outputBytes: number;
}

/** The engine takes some 0.3 s to read 1 MB of program text: the largest program leaves the better part of a second. */
const DEFAULTS: JudgeLimits = { timeMs: 2000, memoryBytes: 64 * 2 ** 20, outputBytes: LIMITS.result };

/** WebAssembly's pages: a memory has a whole number of them. */
export const PAGE_BYTES = 65_536;
/** What the engine's module asks for at least, and at most, pages. */
export const MEMORY_PAGES = { least: 256, most: 32_768 } as const;

/** All limits. Throws RangeError where one can not be kept. */
export const judgeLimits = (chosen: Partial<JudgeLimits> = {}): JudgeLimits => {
  const limits = { ...DEFAULTS, ...chosen };
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${name} must be a whole number above 0`);
  }
  const pages = limits.memoryBytes / PAGE_BYTES;
  if (pages < MEMORY_PAGES.least || pages > MEMORY_PAGES.most) {
    throw new RangeError(`memoryBytes must be 16 MiB to 2 GiB, not ${limits.memoryBytes}`);
  }
  return limits;
};
