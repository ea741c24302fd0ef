import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The URL of a thread's entry beside the module at `moduleUrl`; `name` has no ending. Node 20 cannot load TypeScript
 * into a thread, so a module that runs from `src/` (under the test runner) gets the entry's built twin in `dist/`.
 */
export const threadUrl = (name: string, moduleUrl: string): URL => {
  if (!moduleUrl.endsWith('.ts')) return new URL(`${name}.js`, moduleUrl);
  const at = moduleUrl.lastIndexOf('/src/');
  const url = new URL(`${name}.js`, `${moduleUrl.slice(0, at)}/dist/${moduleUrl.slice(at + '/src/'.length)}`);
  if (!existsSync(url)) {
    throw new Error(`${fileURLToPath(url)} is missing: build the package first (npx tsc -b packages/store)`);
  }
  return url;
};
