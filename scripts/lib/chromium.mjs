import { statSync } from 'node:fs';
import { chromiumVersion, LEAST_CHROMIUM, systemCandidates } from './chromium-system.mjs';
import { aptChromium, downloadChromium, playwrightChromium } from './chromium-install.mjs';
import { isDebian } from './debian.mjs';
import { say, SetupError } from './say.mjs';
import { readStamp, writeStamp } from './stamp.mjs';

export { chromiumArgs, ignoredDefaultArgs } from './chromium-args.mjs';
export { LEAST_CHROMIUM } from './chromium-system.mjs';

const STAMP = 'chromium.json';

const stampOf = (path) => {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? null : { size: stat.size, mtimeMs: stat.mtimeMs };
};

/** Remembers a browser whose version was read, with what tells whether it is still the same file. */
const remember = (found) => {
  const stamp = stampOf(found.path);
  if (stamp !== null) writeStamp(STAMP, { ...found, ...stamp });
  return found;
};

const remembered = () => {
  const stamp = readStamp(STAMP);
  if (typeof stamp?.path !== 'string' || !(stamp.version >= LEAST_CHROMIUM)) return null;
  const now = stampOf(stamp.path);
  return now !== null && now.size === stamp.size && now.mtimeMs === stamp.mtimeMs
    ? { path: stamp.path, version: stamp.version }
    : null;
};

const verified = async (path, rejected) => {
  if (path === null) return null;
  const version = stampOf(path) === null ? null : await chromiumVersion(path);
  if (version !== null && version >= LEAST_CHROMIUM) return { path, version };
  if (stampOf(path) !== null) rejected.push(version === null ? `${path}: does not run` : `${path}: version ${version}`);
  return null;
};

const chosen = async (path) => {
  const version = stampOf(path) === null ? null : await chromiumVersion(path);
  if (version !== null && version >= LEAST_CHROMIUM) return { path, version };
  const reason =
    stampOf(path) === null
      ? 'there is no such file'
      : version === null
        ? 'it does not run, or does not tell its version'
        : `it is version ${version}, and ${LEAST_CHROMIUM} or later is needed`;
  throw new SetupError(`GOSSAMER_CHROMIUM names ${path}, but ${reason}. Correct the variable or unset it.`);
};

const search = async (rejected) => {
  for (const path of systemCandidates()) {
    const found = await verified(path, rejected);
    if (found !== null) return found;
  }
  return verified(await playwrightChromium(), rejected);
};

/**
 * Finds a Chromium or Chrome that can run the cage, without installing anything: the one that the environment variable
 * GOSSAMER_CHROMIUM names (and no other); one found earlier, if its file is unchanged; one of the system; Playwright's
 * own where it was downloaded before. Resolves to { path, version } or null. Throws SetupError when GOSSAMER_CHROMIUM
 * names one that does not do. `rejected` collects a line for each browser that was found and does not do.
 */
export const findChromium = async (rejected = []) => {
  const path = process.env.GOSSAMER_CHROMIUM;
  if (path !== undefined && path !== '') return chosen(path);
  const known = remembered();
  if (known !== null) return known;
  const found = await search(rejected);
  return found === null ? null : remember(found);
};

const advice = (rejected) =>
  `no Chromium or Chrome ${LEAST_CHROMIUM} or later could be found or installed.\n` +
  (rejected.length === 0 ? '' : `Found, but of no use:\n${rejected.map((line) => `  ${line}`).join('\n')}\n`) +
  'Do one of these and run the same command again:\n' +
  (isDebian() ? '  sudo apt-get update && sudo apt-get install -y chromium\n' : '') +
  '  npx playwright-core install --with-deps chromium     (needs the network)\n' +
  '  install Google Chrome from https://www.google.com/chrome/\n' +
  '  or name one that you have:  GOSSAMER_CHROMIUM=/path/to/chrome';

/**
 * `findChromium`, and where there is none: Playwright's own by download, else Debian's by apt-get (as root).
 * Resolves to { path, version }; throws SetupError that says exactly what to do.
 */
export const ensureChromium = async () => {
  const rejected = [];
  const found = await findChromium(rejected);
  if (found !== null) return found;
  const downloaded = await verified(await downloadChromium(), rejected);
  if (downloaded !== null) return remember(downloaded);
  if (await aptChromium()) {
    const installed = await search(rejected);
    if (installed !== null) {
      say(`using ${installed.path} (version ${installed.version})`);
      return remember(installed);
    }
  }
  throw new SetupError(advice([...new Set(rejected)]));
};
