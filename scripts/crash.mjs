// `npm run test:crash`: the tests that kill, fill and alter, in their long form: a hundred kills, or GOSSAMER_KILLS.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countsLine } from './lib/counts.mjs';
import { runVitest } from './lib/runners.mjs';

/** Only ends what hangs. */
const MINUTES = 80;

process.env.GOSSAMER_KILLS ??= '100';
const folder = mkdtempSync(join(tmpdir(), 'gossamer-crash-'));
try {
  const counts = await runVitest(folder, ['apps/coordinator/test/crash/'], MINUTES);
  const line = counts.passed + counts.failed === 0 ? '0 passed, 1 failed' : countsLine(counts);
  process.stdout.write(`\n${line}\n`);
  process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
