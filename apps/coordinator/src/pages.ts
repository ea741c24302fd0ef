import { engineHeaders, pageHeaders } from '@gossamer/cage/served';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Pages } from './http/options.ts';

const built = (app: string): string | null => {
  const directory = fileURLToPath(new URL(`../../${app}/dist`, import.meta.url));
  return existsSync(directory) ? directory : null;
};

const lowerCase = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** The built pages with the headers of wall 1; the dashboard opens no cage and starts no worker. */
export const builtPages = (serve: boolean, cageOrigin: () => string): Pages => ({
  volunteer: serve ? built('volunteer') : null,
  dashboard: serve ? built('dashboard') : null,
  headers: (path) => {
    if (/\/assets\/engine[-.]/.test(path)) return lowerCase(engineHeaders());
    return lowerCase(pageHeaders({ cageOrigins: [cageOrigin()] }));
  },
});
