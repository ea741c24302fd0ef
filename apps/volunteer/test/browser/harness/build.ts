import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const file = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** Builds the page from its sources; the answer is the folder. By default the one that a coordinator serves. */
export const buildPage = async (folder = 'dist'): Promise<string> => {
  await build({
    configFile: file('vite.config.ts'),
    logLevel: 'error',
    build: { outDir: file(folder), emptyOutDir: true },
  });
  return file(folder);
};
