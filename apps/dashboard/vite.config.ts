import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/dashboard/',
  resolve: { conditions: ['source', 'module', 'browser', 'production', 'import', 'default'] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2023',
    // A polyfill that the content security policy would need to allow, for nothing.
    modulePreload: false,
    // An icon as a `data:` address is refused by that policy too.
    assetsInlineLimit: 0,
    rolldownOptions: { output: { entryFileNames: 'assets/dashboard-[hash].js' } },
  },
});
