import { defineConfig } from 'vitest/config';

/** Tests that share nothing but modules: neither a process's environment nor anything that stays open. */
const PURE = ['packages/{protocol,sdk,program,core,simulator}/test/**', 'apps/{volunteer,dashboard}/test/unit/**'];
const EXAMPLES = ['examples/*/test/**'];

const named = (folders: string[]): string[] => folders.map((folder) => `${folder}/*.test.ts`);

/** Tests run on the sources: every workspace package exports them under the condition `source`. */
export default defineConfig({
  resolve: { conditions: ['source', 'module', 'node'] },
  ssr: { resolve: { conditions: ['source', 'module', 'node'] } },
  test: {
    // Most tests wait for a browser, a socket or a disk: two at a time fill two cores.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: named([...PURE, ...EXAMPLES]),
          // To read the modules again for each file took more than half of the time of these.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['{packages,apps}/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts'],
          exclude: named(PURE),
        },
      },
    ],
    // Only ends what hangs: conditions that never come true end a test earlier, and say so.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
