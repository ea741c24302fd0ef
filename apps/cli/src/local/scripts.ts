import { buildSync } from 'esbuild';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A script of the page, as one module: from the build, or from the sources where the command runs from these. */
const bundled = (name: string): string => {
  const built = fileURLToPath(new URL(`browser/${name}.js`, import.meta.url));
  const isBuilt = existsSync(built);
  const [output] = buildSync({
    entryPoints: [isBuilt ? built : built.replace(/js$/, 'ts')],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2023',
    logLevel: 'silent',
    conditions: isBuilt ? [] : ['source'],
  }).outputFiles;
  return output!.text;
};

export const pageScripts = (): { page: string; engine: string } => ({
  page: bundled('page'),
  engine: bundled('engine'),
});
