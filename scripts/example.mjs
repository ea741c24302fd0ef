// `npm run example -- NAME …`: runs the command of one example; what follows NAME is its own.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './lib/say.mjs';

const commandOf = (name) => join(ROOT, 'examples', name, 'dist', 'offer.js');

const [name, ...rest] = process.argv.slice(2);
const names = readdirSync(join(ROOT, 'examples')).filter((candidate) => existsSync(commandOf(candidate)));
if (name === undefined || !names.includes(name)) {
  process.stderr.write(`npm run example -- NAME …, where NAME is one of: ${names.join(', ')}\n`);
  process.exit(2);
}
const child = spawn(process.execPath, [commandOf(name), ...rest], { stdio: 'inherit' });
child.once('exit', (code) => process.exit(code ?? 1));
