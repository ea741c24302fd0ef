// Makes a fresh clone ready to run, with nothing but Node and npm. Called by npm's pre-scripts, so it must work before
// node_modules exists (no imports but Node's own and ./lib), and must keep stdout free for the command that follows.
import { join } from 'node:path';
import { checkNode } from './lib/node-version.mjs';
import { ROOT, runMain, say } from './lib/say.mjs';

const wantsBrowser = process.argv.includes('--browser');

await runMain(async () => {
  // Before the other modules are loaded: they use what an old Node does not have.
  checkNode();
  const [{ withLock }, { ensureInstalled }, { ensureBuilt }, { ensureChromium }] = await Promise.all([
    import('./lib/lock.mjs'),
    import('./lib/install.mjs'),
    import('./lib/build.mjs'),
    import('./lib/chromium.mjs'),
  ]);
  await withLock(
    join(ROOT, '.turbo', 'setup.lock'),
    async () => {
      await ensureInstalled();
      await ensureBuilt();
      if (wantsBrowser) await ensureChromium();
    },
    (pid) => say(`another set-up (process ${pid}) runs here: waiting for it`),
  );
});
