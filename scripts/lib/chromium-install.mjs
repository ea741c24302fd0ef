import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall, canApt } from './debian.mjs';
import { cleanEnvironment } from './npm.mjs';
import { run, tail } from './run.mjs';
import { ROOT, say } from './say.mjs';

/** Some networks swallow connections without a word: give up after that long without any output. */
const SILENCE_MS = 45_000;
const DOWNLOAD_TIMEOUT_MS = 10 * 60_000;

/** Where Playwright keeps, or would keep, its own Chromium; null when Playwright is not installed. */
export const playwrightChromium = async () => {
  try {
    const { chromium } = await import('playwright-core');
    return chromium.executablePath();
  } catch {
    return null;
  }
};

/** Lets Playwright download its Chromium. Resolves to its path, or null where that cannot be had. */
export const downloadChromium = async () => {
  const cli = join(ROOT, 'node_modules', 'playwright-core', 'cli.js');
  if (!existsSync(cli)) return null;
  say("no Chromium or Chrome found: downloading Playwright's own (about 200 MB)");
  const env = { ...cleanEnvironment(), PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '15000' };
  delete env.PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD;
  const options = { env, timeoutMs: DOWNLOAD_TIMEOUT_MS, silenceMs: SILENCE_MS };
  const result = await run(process.execPath, [cli, 'install', '--no-shell', 'chromium'], options);
  if (result.code !== 0) {
    const reason = /^Error: (.*)$/m.exec(result.output)?.[1] ?? tail(result.output, 1);
    say(`  it cannot be downloaded here (${result.why ?? reason})`);
    return null;
  }
  // On Debian and Ubuntu a fresh machine lacks the libraries that the downloaded browser links to.
  if (canApt()) await run(process.execPath, [cli, 'install-deps', 'chromium'], { ...options, silenceMs: 0 });
  return playwrightChromium();
};

/** Installs Debian's own Chromium, as root. Resolves to true when apt-get says so. */
export const aptChromium = async () => {
  if (!canApt()) return false;
  say('installing chromium by apt-get; this can take some minutes');
  const result = await aptInstall('chromium');
  if (result.code !== 0) say(`apt-get did not succeed; the end of its log:\n${tail(result.output, 15)}`);
  return result.code === 0;
};
