// `npm run test:fuzz`: the codecs under a fuzzer, in the long form: a million frames, or GOSSAMER_FRAMES.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countsLine } from './lib/counts.mjs';
import { runVitest } from './lib/runners.mjs';

/** Only ends what hangs. */
const MINUTES = 60;

process.env.GOSSAMER_FRAMES ??= '1000000';
process.env.GOSSAMER_SEED ??= String(randomBytes(4).readUInt32LE() >>> 1);
process.stdout.write(`${process.env.GOSSAMER_FRAMES} frames of GOSSAMER_SEED=${process.env.GOSSAMER_SEED}\n`);
const folder = mkdtempSync(join(tmpdir(), 'gossamer-fuzz-'));
try {
  const counts = await runVitest(folder, ['packages/core/test/fuzz/'], MINUTES);
  const line = counts.passed + counts.failed === 0 ? '0 passed, 1 failed' : countsLine(counts);
  process.stdout.write(`\n${line}\n`);
  process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
