import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const MB = 1024 * 1024;

/** Runs a child on the sources in a process of its own, with the collector in its hands. */
const runChild = async (name: string, ...args: string[]): Promise<Record<string, number>> => {
  const folder = await mkdtemp(join(tmpdir(), 'gossamer-core-'));
  try {
    const outfile = join(folder, `${name}.mjs`);
    const entryPoints = [join(import.meta.dirname, 'children', `${name}.ts`)];
    await build({
      entryPoints,
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      conditions: ['source'],
      logLevel: 'silent',
    });
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', outfile, ...args]);
    return JSON.parse(stdout) as Record<string, number>;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

describe('the size of a job', () => {
  it('SC2: a million units at quorum 2, all returned and judged, fit in 100 MB', { timeout: 300_000 }, async () => {
    const cost = await runChild('million', '20');
    expect(cost).toMatchObject({ validated: 1_000_000, valid: 2_000_000 });
    expect(cost.held).toBeLessThan(100 * MB);
    expect(cost.peak).toBeLessThan(100 * MB);
    // It measures something: 12 bytes a unit and 23 an attempt are there at least.
    expect(cost.held).toBeGreaterThan(50 * MB);
  });

  it('SC2: a million results that wait for a second device fit in 100 MB, too', { timeout: 300_000 }, async () => {
    const cost = await runChild('million', '1');
    expect(cost).toMatchObject({ validated: 0, returned: 1_000_000 });
    expect(cost.held).toBeLessThan(100 * MB);
    expect(cost.peak).toBeLessThan(100 * MB);
  });
});
