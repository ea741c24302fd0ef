// `npm test`: every runner, one after another, and one true line at the end: `N passed, N failed[, N skipped]`.
// Arguments narrow it: --unit, --e2e and --check choose runners; everything else goes to vitest and Playwright as
// filters (file names or parts of them), and then a runner that has nothing to do with them is no failure. --long adds what
// takes long: kills again and again, walls taken away, the examples; CI has it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addCounts, countsLine, NO_COUNTS } from './lib/counts.mjs';
import { runChecks, runPlaywright, runVitest } from './lib/runners.mjs';

const RUNNERS = [
  { flag: '--unit', name: 'unit and property tests (vitest)', run: runVitest },
  { flag: '--e2e', name: 'end to end in Chromium (Playwright)', run: runPlaywright },
  { flag: '--check', name: 'types of tests, lint, import rules, format', run: runChecks },
];

const LONG = '--long';
const given = process.argv.slice(2).filter((argument) => argument !== LONG);
if (process.argv.includes(LONG)) process.env.GOSSAMER_LONG = '1';
const flags = new Set(RUNNERS.map(({ flag }) => flag));
const filters = given.filter((argument) => !flags.has(argument));
const chosen = RUNNERS.filter(({ flag }) =>
  given.some((argument) => flags.has(argument)) ? given.includes(flag) : filters.length === 0 || flag !== '--check',
);

const folder = mkdtempSync(join(tmpdir(), 'gossamer-test-'));
let total = NO_COUNTS;
try {
  for (const { name, run } of chosen) {
    process.stdout.write(`\n=== ${name}\n`);
    const counts = await run(folder, filters);
    process.stdout.write(`=== ${countsLine(counts)}\n`);
    total = addCounts(total, counts);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (total.passed + total.failed === 0) {
  process.stdout.write('\nno test was executed: that counts as a failure\n');
  total = addCounts(total, { ...NO_COUNTS, failed: 1 });
}
process.stdout.write(`\n${countsLine(total)}\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
