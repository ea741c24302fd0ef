import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const conditions = ['source', 'module', 'browser', 'production', 'import', 'default'];

/**
 * The protocol's modules only declare: what a page does not use of them, its schemas above all, need not travel to it.
 * `z` makes those schemas, `branded` those of ids.
 */
const treeshake = {
  moduleSideEffects: (id: string): boolean => !/\/packages\/(protocol|program|cage)\/|\/node_modules\/zod\//.test(id),
  manualPureFunctions: ['z', 'branded'],
};

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  resolve: { conditions },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2023',
    // A polyfill that the content security policy would need to allow, for nothing.
    modulePreload: false,
    // A font or an icon as a `data:` address is refused by that policy too.
    assetsInlineLimit: 0,
    rolldownOptions: { treeshake, output: { entryFileNames: 'assets/page-[hash].js' } },
  },
  worker: {
    format: 'es',
    // The server gives /assets/engine-* the engine's own policy.
    rolldownOptions: { treeshake, output: { entryFileNames: 'assets/engine-[hash].js' } },
  },
});
