import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Exact, and of versions that work with Node 20. Who measures nothing has none of them: they are no dependencies. */
export const PACKAGES = {
  'graphile-worker': '0.17.3',
  pg: '8.23.1',
  bullmq: '6.7.0',
  ioredis: '5.9.2',
} as const;
export type PackageName = keyof typeof PACKAGES;

const FOLDER = fileURLToPath(new URL('../../../node_modules/.cache/bench-peers', import.meta.url));
const INSTALL_MS = 300_000;
const run = promisify(execFile);

const installed = async (name: string): Promise<string | null> => {
  const text = await readFile(join(FOLDER, 'node_modules', name, 'package.json'), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as { version: string }).version;
};

/** Installs what is missing into a folder that git ignores, without running anyone's scripts. Throws Error. */
export const installPackages = async (say: (line: string) => void): Promise<void> => {
  const found = await Promise.all(Object.keys(PACKAGES).map(installed));
  if (Object.values(PACKAGES).every((version, at) => found[at] === version)) return;
  const specs = Object.entries(PACKAGES).map(([name, version]) => `${name}@${version}`);
  say(`installing ${specs.join(', ')}`);
  await mkdir(FOLDER, { recursive: true });
  const options = ['--prefix', FOLDER, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env['npm_execpath'];
  const [command, ...first] = npm === undefined ? ['npm'] : [process.execPath, npm];
  await run(command, [...first, 'install', ...options, ...specs], { cwd: FOLDER, timeout: INSTALL_MS });
};

/** One of the installed packages; its caller says what it needs of it. */
export const loadPackage = <Module>(name: PackageName): Module =>
  createRequire(join(FOLDER, 'package.json'))(name) as Module;
