import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './say.mjs';

/** Where set-up keeps what it knows. Inside node_modules, so that removing that folder forgets everything. */
export const CACHE = join(ROOT, 'node_modules', '.cache', 'gossamer');

/** SHA-256 of text or bytes, as hex. */
export const digest = (data) => createHash('sha256').update(data).digest('hex');

/** What was written under `name`, or null. A damaged file counts as none. */
export const readStamp = (name) => {
  try {
    return JSON.parse(readFileSync(join(CACHE, name), 'utf8'));
  } catch {
    return null;
  }
};

export const writeStamp = (name, value) => {
  const file = join(CACHE, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
};
