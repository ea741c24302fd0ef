#!/usr/bin/env node
// It is there before any build: npm links a command when it installs, and only one that exists by then.
import { existsSync } from 'node:fs';

const built = new URL('../dist/main.js', import.meta.url);
if (existsSync(built)) await import(built.href);
else {
  process.stderr.write('gossamer is not built yet: run npm run setup in its folder\n');
  process.exitCode = 1;
}
