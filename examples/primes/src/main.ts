import { type Flag, UsageError, runExample } from '@gossamer/harness';
import { fileURLToPath } from 'node:url';

/** How many primes lie below a power of ten. Source: OEIS A006880. */
const PUBLISHED: Readonly<Record<number, number>> = {
  1e6: 78_498,
  1e7: 664_579,
  1e8: 5_761_455,
  1e9: 50_847_534,
  1e10: 455_052_511,
};

/** A hundred units, each a good second at most on a laptop. */
const UNITS = 100;

const PROGRAM = fileURLToPath(new URL('../src/program.ts', import.meta.url));

const below: Flag<number> = {
  hint: '1e9',
  about: 'count the primes below it: 1e6 to 1e10, a power of ten (default: 1e9)',
  value: 1e9,
  read: (text, name) => {
    const value = Number(text);
    if (value in PUBLISHED) return value;
    throw new UsageError(`--${name} must be one of ${Object.keys(PUBLISHED).join(', ')}: ${text}`);
  },
};

/** What `seq 0 WIDTH LAST` prints: where each unit begins. */
const starts = (width: number): number[] => Array.from({ length: UNITS }, (_, i) => i * width);

await runExample({
  name: 'primes',
  about: 'Counts the primes below a power of ten by a segmented sieve, and compares with the published number.',
  quorum: 2,
  flags: { below },
  run: async ({ filter }, { below: limit }) => {
    const width = limit / UNITS;
    const command = ['map', PROGRAM, '--quorum', '2', '--params', JSON.stringify({ width })];
    let [answer, units] = [0, 0];
    for await (const line of filter(command, starts(width))) {
      const { output } = JSON.parse(line) as { output: number };
      answer += output;
      units += 1;
    }
    return { answer, expected: PUBLISHED[limit], units };
  },
});
