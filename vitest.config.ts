import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';
import { defineConfig } from 'vitest/config';

/** Tests that share nothing but modules: neither a process's environment nor anything that stays open. */
const PURE = ['packages/{protocol,sdk,program,core,simulator}/test/**', 'apps/{volunteer,dashboard}/test/unit/**'];
const EXAMPLES = ['examples/*/test/**'];

/** `npm run test:crash` alone: it sets GOSSAMER_KILLS, and CI runs it after all others. */
const CRASHES = ['full', 'slow', 'torn', 'sigterm'].map((name) => `apps/coordinator/test/crash/${name}.test.ts`);
const areCrashes = process.env['GOSSAMER_KILLS'] !== undefined;

/**
 * What kills again and again, and what takes walls away: for `npm test -- --long`, and CI. Of each kind one is left to
 * `npm test`: kills at the crash tests, walls at the cage's suite.
 */
const THOROUGH = [
  'apps/coordinator/test/crash/altered.test.ts',
  'apps/coordinator/test/gateway/thousands.test.ts',
  'apps/coordinator/test/privacy/crash.test.ts',
  'apps/coordinator/test/reducing/kill.test.ts',
  'apps/coordinator/test/upkeep/delete-crash.test.ts',
  'apps/coordinator/test/webhooks/kill.test.ts',
  'packages/cage/test/command.test.ts',
  'packages/cage/test/mutation.test.ts',
  'packages/cage/test/mutation-product.test.ts',
  'packages/store/test/sqlite/kill.test.ts',
  'packages/store/test/sqlite/overwrite.test.ts',
];
const isThorough = process.env['GOSSAMER_LONG'] !== undefined || areCrashes;

const named = (folders: string[]): string[] => folders.map((folder) => `${folder}/*.test.ts`);

/** The files that take longest, in that order. */
const LONG = [
  'packages/cage/test/suite.test.ts',
  'apps/volunteer/test/browser/grid.test.ts',
  'apps/dashboard/test/browser/dashboard.test.ts',
  'apps/volunteer/test/browser/signed.test.ts',
  'apps/volunteer/test/browser/states.test.ts',
  'packages/cage/test/mutation.test.ts',
  'packages/cage/test/mutation-product.test.ts',
  'packages/cage/test/command.test.ts',
  'apps/cli/test/run-local.test.ts',
  'apps/cli/test/commands.test.ts',
  'apps/coordinator/test/crash/kill.test.ts',
];

/**
 * The longest files begin first: none of them is left alone at the end, with the other workers idle. Of a fresh clone
 * Vitest knows only how large a file is, and the cage's suite is a small one.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONG.findIndex((name) => moduleId.endsWith(`/${name}`));
      return at < 0 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

/** Tests run on the sources: every workspace package exports them under the condition `source`. */
export default defineConfig({
  resolve: { conditions: ['source', 'module', 'node'] },
  ssr: { resolve: { conditions: ['source', 'module', 'node'] } },
  test: {
    // Most tests wait for a browser, a socket or a disk some of their time: three at a time fill two cores.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
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
          exclude: [...named(PURE), ...(areCrashes ? [] : CRASHES), ...(isThorough ? [] : THOROUGH)],
        },
      },
    ],
    // Only ends what hangs: conditions that never come true end a test earlier, and say so.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
