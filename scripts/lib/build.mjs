import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnvironment } from './npm.mjs';
import { run, tail } from './run.mjs';
import { ROOT, say, SetupError } from './say.mjs';
import { digest, readStamp, writeStamp } from './stamp.mjs';

const STAMP = 'build.json';
const BUILD_TIMEOUT_MS = 15 * 60_000;
/** Folders of a workspace that no build reads and none writes. */
const IGNORED = new Set(['node_modules', 'test', 'tests', 'test-results', '.turbo', 'data']);

/** The folders of all workspaces, from the globs in the root's package.json (`a/*` or a plain folder). */
export const workspaces = () => {
  const globs = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).workspaces;
  const folders = globs.flatMap((glob) => {
    if (!glob.endsWith('/*')) return [glob];
    const parent = glob.slice(0, -2);
    try {
      return readdirSync(join(ROOT, parent)).map((name) => `${parent}/${name}`);
    } catch {
      return [];
    }
  });
  return folders.filter(
    (folder) => statSync(join(ROOT, folder, 'package.json'), { throwIfNoEntry: false }) !== undefined,
  );
};

const walk = (folder, lines) => {
  let entries;
  try {
    entries = readdirSync(join(ROOT, folder), { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!IGNORED.has(entry.name)) walk(path, lines);
    } else {
      const stat = statSync(join(ROOT, path), { throwIfNoEntry: false });
      if (stat !== undefined) lines.push(`${path} ${stat.size} ${stat.mtimeMs}`);
    }
  }
};

/**
 * One digest over names, sizes and times of everything that a build reads or writes, `dist` included: a changed source
 * and a removed output both show. Some hundred stat() calls, where asking turbo takes about a second.
 */
export const fingerprint = () => {
  const lines = [];
  for (const folder of workspaces()) walk(folder, lines);
  for (const name of ['package.json', 'package-lock.json', 'tsconfig.base.json', 'turbo.json']) {
    const stat = statSync(join(ROOT, name), { throwIfNoEntry: false });
    if (stat !== undefined) lines.push(`${name} ${stat.size} ${stat.mtimeMs}`);
  }
  return digest(lines.toSorted().join('\n'));
};

/** Builds every workspace that is not up to date. Throws SetupError with the end of the log. */
export const ensureBuilt = async () => {
  if (readStamp(STAMP)?.fingerprint === fingerprint()) return;
  say('building (turbo run build)');
  const turbo = join(ROOT, 'node_modules', 'turbo', 'bin', 'turbo');
  const args = [turbo, 'run', 'build', '--output-logs=errors-only', '--no-color', '--log-order=grouped'];
  const result = await run(process.execPath, args, {
    env: cleanEnvironment(),
    timeoutMs: BUILD_TIMEOUT_MS,
    everyMinute: (s) => say(`  … still building (${s} s)`),
  });
  if (result.code !== 0) {
    throw new SetupError(
      `the build failed${result.why === null ? '' : ` (${result.why})`}; the end of the log:\n\n${tail(result.output, 60)}`,
    );
  }
  writeStamp(STAMP, { fingerprint: fingerprint() });
};
