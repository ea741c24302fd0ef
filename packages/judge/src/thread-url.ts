import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Beside this module once it is built. From sources, too, a thread runs the built twin: Node 20 loads no TypeScript. */
const BUILT = '../dist/vm/entry.js';

/** Where the thread's entry is. Throws where the package is not built. */
export const threadUrl = (): URL => {
  const url = new URL(BUILT, import.meta.url);
  if (!existsSync(url)) {
    throw new Error(`${fileURLToPath(url)} is missing: build the package first (npx tsc -b packages/judge)`);
  }
  return url;
};
