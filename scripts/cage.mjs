// `npm run test:cage` and `npm run cage -- run FILE`: programs behind the cage's walls, from the suite's sources.
import { join } from 'node:path';
import { runnerImport } from 'vite';
import { ROOT, runMain } from './lib/say.mjs';

await runMain(async () => {
  const { module } = await runnerImport(join(ROOT, 'packages/cage/test/suite/command/main.ts'), {
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    // The environment that `runnerImport` makes has this name; `resolve` alone is for browsers.
    environments: { inline: { resolve: { conditions: ['source', 'module', 'node'] } } },
  });
  process.exitCode = await module.main(process.argv.slice(2));
});
