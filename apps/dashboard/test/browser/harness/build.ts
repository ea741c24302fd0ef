import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const file = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

const changedAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const newest = (folder: string): number =>
  Math.max(...readdirSync(folder, { recursive: true }).map((name) => changedAt(`${folder}/${String(name)}`)));

/** Builds the page into the folder that a coordinator serves, unless what is there is newer than its sources. */
export const buildPage = async (): Promise<void> => {
  const sources = Math.max(newest(file('src')), changedAt(file('index.html')), changedAt(file('vite.config.ts')));
  if (changedAt(file('dist/index.html')) > sources) return;
  await build({ configFile: file('vite.config.ts'), logLevel: 'error' });
};
