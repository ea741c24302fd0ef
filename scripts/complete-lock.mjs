// Run after `npm install` where the registry lacks some prebuilt packages of other systems (see lib/lockfile.mjs).
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { completeLock } from './lib/lockfile.mjs';
import { ROOT } from './lib/say.mjs';

const file = join(ROOT, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = completeLock(lock.packages);
if (added.length > 0) {
  const sorted = Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
}
process.stderr.write(`package-lock.json: ${added.length} optional packages added\n`);
