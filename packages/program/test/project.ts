import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

const made: string[] = [];
afterAll(() => made.forEach((path) => rmSync(path, { recursive: true, force: true })));

/** A folder with these files, removed after the tests. */
export const project = (files: Record<string, string>): string => {
  const root = mkdtempSync(join(tmpdir(), 'gossamer-program-'));
  made.push(root);
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return root;
};

/** Loads a module's text and gives its exports, as a tab would. */
export const load = async (code: string): Promise<Record<string, (...args: unknown[]) => unknown>> =>
  import(/* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);

interface Thrown {
  code?: string;
  message: string;
  errors?: readonly { path: string; message: string }[];
}

/** What `promise` throws; fails where it does not. */
export const thrown = async (promise: Promise<unknown>): Promise<Thrown> => {
  try {
    await promise;
  } catch (error) {
    return error as Thrown;
  }
  throw new Error('nothing was thrown');
};
