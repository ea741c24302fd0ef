import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A directory for one test, removed after it. */
export const testDirectory = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'gossamer-store-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
};
