// `npm run example -- NAME …`: runs one example; what follows NAME is its own. Alone it lists them.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './lib/say.mjs';

const FOLDER = join(ROOT, 'examples');
const mainOf = (name) => join(FOLDER, name, 'dist', 'main.js');
const aboutOf = (name) => JSON.parse(readFileSync(join(FOLDER, name, 'package.json'), 'utf8')).description;

const names = readdirSync(FOLDER).filter((name) => existsSync(mainOf(name)));
const list = () => {
  const width = Math.max(...names.map((name) => name.length));
  const lines = names.map((name) => `  ${name.padEnd(width)}  ${aboutOf(name)}`);
  return `npm run example -- NAME [--json] [--help], where NAME is one of:\n${lines.join('\n')}\n`;
};

const [name, ...rest] = process.argv.slice(2);
if (name === undefined) {
  process.stdout.write(list());
} else if (names.includes(name)) {
  const child = spawn(process.execPath, [mainOf(name), ...rest], { stdio: 'inherit' });
  // Ctrl-C reaches the child as well, which ends what it started; its status is ours.
  process.on('SIGINT', () => {});
  child.once('exit', (code) => process.exit(code ?? 1));
} else {
  process.stderr.write(`there is no example ${name}\n${list()}`);
  process.exitCode = 2;
}
