import { defineConfig } from 'vitest/config';

/** Tests run on the sources: every workspace package exports them under the condition `source`. */
export default defineConfig({
  resolve: { conditions: ['source', 'module', 'node', 'import', 'default'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['{packages,apps,examples}/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
