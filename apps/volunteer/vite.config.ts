import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { defineConfig } from 'vite';

const conditions = ['source', 'module', 'browser', 'production', 'import', 'default'];

/**
 * The protocol's schemas are made of zod's calls, which no bundler can know to be without effect; yet the pages need
 * none of them (see src/shared/schemas.ts). Each is wrapped so that one that nothing uses is left out, and zod with it.
 */
const unusedSchemas = (): Plugin => ({
  name: 'unused-schemas',
  enforce: 'post',
  transform(code, id) {
    if (!id.includes('/packages/protocol/')) return null;
    const spans: { start: number; end: number }[] = [];
    for (const node of this.parse(code).body) {
      const declaration = node.type === 'ExportNamedDeclaration' ? node.declaration : node;
      if (declaration?.type !== 'VariableDeclaration') continue;
      for (const { init } of declaration.declarations) if (init?.type === 'CallExpression') spans.push(init);
    }
    let wrapped = code;
    for (const { start, end } of spans.toReversed()) {
      wrapped = `${wrapped.slice(0, start)}/* @__PURE__ */ (() => ${wrapped.slice(start, end)})()${wrapped.slice(end)}`;
    }
    return { code: wrapped, map: null };
  },
});

const treeshake = {
  moduleSideEffects: (id: string): boolean => !/\/packages\/(protocol|program|cage)\/|\/node_modules\/zod\//.test(id),
};

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  resolve: { conditions },
  plugins: [unusedSchemas()],
  // A page that is served from elsewhere than its coordinator may name the coordinator's key.
  define: { __COORDINATOR_KEY__: JSON.stringify(process.env['GOSSAMER_COORDINATOR_KEY'] ?? '') },
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
    plugins: () => [unusedSchemas()],
    // The server gives /assets/engine-* the engine's own policy.
    rolldownOptions: { treeshake, output: { entryFileNames: 'assets/engine-[hash].js' } },
  },
});
