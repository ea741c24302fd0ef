import { readFileSync } from 'node:fs';
import { bundleFrame } from './bundle.ts';

/** Where the build puts the frame's script. */
export const BUILT_SCRIPT = new URL('../../dist/frame.bundle.js', import.meta.url);

let script: string | undefined;

/** The script of a cage's frame: as built, or, where the package runs from its sources, bundled from them. */
export const frameScript = (): string => {
  script ??= import.meta.url.endsWith('.ts') ? bundleFrame() : readFileSync(BUILT_SCRIPT, 'utf8');
  return script;
};
