import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '../exit-code.ts';

/** The first Chromium whose Connection-Allowlist stops what a content security policy does not name. */
export const LEAST_CHROMIUM = 152;

export interface FoundBrowser {
  path: string;
  version: number;
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'google-chrome-beta', 'chrome'];

const places = (): string[] => {
  if (process.platform === 'darwin') {
    return ['/Applications', join(homedir(), 'Applications')].flatMap((folder) =>
      ['Google Chrome', 'Chromium'].map((name) => join(folder, `${name}.app`, 'Contents', 'MacOS', name)),
    );
  }
  if (process.platform === 'win32') {
    const { PROGRAMFILES, LOCALAPPDATA, 'PROGRAMFILES(X86)': x86 } = process.env;
    return [PROGRAMFILES, x86, LOCALAPPDATA].flatMap((folder) =>
      folder === undefined ? [] : [join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')],
    );
  }
  return ['/opt/google/chrome/chrome', '/snap/bin/chromium'];
};

const onPath = (): string[] => {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
};

/** The major version, or null where it does not run, or does not say. */
const versionOf = async (path: string): Promise<number | null> => {
  if (basename(path) === 'chrome.exe') {
    // It prints nothing; the folder of its version stands beside it.
    const versions = readdirSync(dirname(path)).flatMap((name) => /^(\d+)\.\d+\.\d+\.\d+$/.exec(name)?.[1] ?? []);
    return versions.length === 0 ? null : Math.max(...versions.map(Number));
  }
  const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 30_000 }).catch(() => ({ stdout: '' }));
  const [, major] = /Chrom(?:e|ium)\D*?(\d{2,4})\.\d+\.\d+\.\d+/i.exec(stdout) ?? [];
  return major === undefined ? null : Number(major);
};

/**
 * A Chromium or Chrome that can run a cage: the one that GOSSAMER_CHROMIUM names, else the first of the system that is new
 * enough. Throws UsageError where there is none, with what to do.
 */
export const findBrowser = async (): Promise<FoundBrowser> => {
  const named = process.env['GOSSAMER_CHROMIUM'] ?? '';
  const candidates = named === '' ? [...onPath(), ...places()] : [named];
  const rejected: string[] = [];
  for (const path of new Set(candidates.filter((candidate) => existsSync(candidate)))) {
    const version = await versionOf(path);
    if (version !== null && version >= LEAST_CHROMIUM) return { path, version };
    rejected.push(`${path} ${version === null ? 'does not run' : `is version ${version}`}`);
  }
  const found = rejected.length === 0 ? '' : ` (${rejected.join(', ')})`;
  if (named !== '') {
    throw new UsageError(
      `GOSSAMER_CHROMIUM names ${named}, which is no Chromium or Chrome ${LEAST_CHROMIUM} or later${found}: correct or unset it`,
    );
  }
  throw new UsageError(
    `a Chromium or Chrome ${LEAST_CHROMIUM} or later is needed, and none was found${found}: install one, or name one that you ` +
      'have with GOSSAMER_CHROMIUM=/path/to/chrome',
  );
};
