import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const file = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** Builds the page from its sources into the folder that a coordinator serves. */
export const buildPage = async (): Promise<void> => {
  await build({ configFile: file('vite.config.ts'), logLevel: 'error' });
};
