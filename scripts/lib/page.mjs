import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { workspaces } from './build.mjs';
import { ROOT } from './say.mjs';

const changedAt = (path) => statSync(join(ROOT, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;

const newest = (folder) =>
  Math.max(
    0,
    ...readdirSync(join(ROOT, folder), { recursive: true }).map((name) => changedAt(join(folder, String(name)))),
  );

/**
 * Builds the page of an app (`apps/volunteer`) into the folder that a coordinator serves, unless what is there is newer
 * than all that it is made of: `npm test` has just built it. Resolves to that folder.
 */
export const buildPage = async (app) => {
  const made = [
    newest(`${app}/src`),
    newest(`${app}/public`),
    ...['index.html', 'vite.config.ts'].map((name) => changedAt(`${app}/${name}`)),
    ...workspaces()
      .filter((folder) => folder.startsWith('packages/'))
      .map((folder) => newest(`${folder}/src`)),
  ];
  if (changedAt(`${app}/dist/index.html`) <= Math.max(...made)) {
    const { build } = await import('vite');
    await build({ configFile: join(ROOT, app, 'vite.config.ts'), logLevel: 'error' });
  }
  return join(ROOT, app, 'dist');
};
