import { defineConfig } from 'vitest/config';

/** Tests run on the sources: every workspace package exports them under the condition `source`. */
export default defineConfig({
  resolve: { conditions: ['source', 'module', 'node'] },
  ssr: { resolve: { conditions: ['source', 'module', 'node'] } },
  test: {
    include: ['{packages,apps,examples}/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts'],
    // Most tests wait for a browser, a socket or a disk: two at a time fill two cores.
    maxWorkers: 2,
    // Only ends what hangs: conditions that never come true end a test earlier, and say so.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
