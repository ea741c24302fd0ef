import type * as Esbuild from 'esbuild';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** The folder `src` of this package, from `src/served` and `dist/served` alike. */
const source = new URL('../../src/', import.meta.url);

/** Code from a stranger must not get a sloppy function of ours by `arguments.callee` or `caller`. */
const STRICT = '"use strict";';

const bundle = (entry: string, define: Record<string, string>): string => {
  const { buildSync } = createRequire(import.meta.url)('esbuild') as typeof Esbuild;
  const built = buildSync({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    charset: 'ascii',
    banner: { js: STRICT },
    conditions: ['source'],
    define,
  });
  return built.outputFiles[0]!.text.trim();
};

/**
 * Bundles the script of a cage's frame, with the boot in it.
 * @param boot the boot's entry file
 */
export const bundleFrame = (boot: string = fileURLToPath(new URL('boot/main.ts', source))): string => {
  // The name that stack traces show instead of the blob's, and that keeps the blob's address from a program.
  const text = `${bundle(boot, {})}\n//# sourceURL=cage-boot`;
  const script = bundle(fileURLToPath(new URL('frame/main.ts', source)), { GOSSAMER_BOOT: JSON.stringify(text) });
  if (/<\/script|<!--/i.test(script)) throw new Error("the frame's script would end its own element");
  return script;
};
