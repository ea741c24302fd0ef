import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { which } from './debian.mjs';
import { run } from './run.mjs';

/** The first Chromium whose Connection-Allowlist holds back navigation, DNS prefetch and STUN (docs: the cage). */
export const LEAST_CHROMIUM = 152;

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'google-chrome-beta', 'chrome'];

/** The major version in what `--version` prints, such as `Chromium 156.0.8078.79 built on …`; null if there is none. */
export const parseVersion = (text) => {
  const found = /(?:Chrom(?:e|ium)\D*?)(\d{2,4})\.\d+\.\d+\.\d+/i.exec(text);
  return found === null ? null : Number(found[1]);
};

/** On Windows chrome.exe does not print its version; the folder of the version stands beside it. */
const windowsVersion = (file) => {
  try {
    const versions = readdirSync(dirname(file)).flatMap((name) => /^(\d+)\.\d+\.\d+\.\d+$/.exec(name)?.[1] ?? []);
    return versions.length === 0 ? null : Math.max(...versions.map(Number));
  } catch {
    return null;
  }
};

/** The major version of the browser at `file`, or null when it does not run. Wrappers' warnings are passed over. */
export const chromiumVersion = async (file) => {
  if (process.platform === 'win32' && basename(file) === 'chrome.exe') return windowsVersion(file);
  const result = await run(file, ['--version'], { timeoutMs: 30_000 });
  return result.code === 0 ? parseVersion(result.output) : null;
};

const macPlaces = () =>
  ['/Applications', join(homedir(), 'Applications')].flatMap((folder) =>
    ['Google Chrome', 'Chromium'].map((name) => join(folder, `${name}.app`, 'Contents', 'MacOS', name)),
  );

const windowsPlaces = () =>
  [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .flatMap((folder) => [
      join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      join(folder, 'Chromium', 'Application', 'chrome.exe'),
    ]);

/** Every browser of the system that might do, best first. */
export const systemCandidates = (path = process.env.PATH ?? '') => {
  const onPath = NAMES.flatMap((name) => which(name, path) ?? []);
  const places =
    process.platform === 'darwin'
      ? macPlaces()
      : process.platform === 'win32'
        ? windowsPlaces()
        : ['/opt/google/chrome/chrome', '/snap/bin/chromium'];
  return [...new Set([...onPath, ...places.filter((file) => existsSync(file))])];
};
