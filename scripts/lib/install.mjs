import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall, canApt, isDebian, which } from './debian.mjs';
import { npm } from './npm.mjs';
import { run, tail } from './run.mjs';
import { ROOT, say, SetupError } from './say.mjs';
import { digest, readStamp, writeStamp } from './stamp.mjs';

const STAMP = 'install.json';
const INSTALL_TIMEOUT_MS = 40 * 60_000;
const COMPILERS = ['make', 'g++', 'python3'];

/** What an installation depends on: the lockfile, and the Node for which native modules were made. */
const wanted = () => ({
  lock: digest(readFileSync(join(ROOT, 'package-lock.json'))),
  abi: process.versions.modules,
  platform: `${process.platform}-${process.arch}`,
});

const same = (a, b) => a !== null && a.lock === b.lock && a.abi === b.abi && a.platform === b.platform;

/**
 * Packages of the lockfile that are not installed as it says, by their folder. `lock` and `installed` are the
 * `packages` of package-lock.json and node_modules/.package-lock.json. Optional ones may be missing (other systems).
 */
export const missingPackages = (lock, installed) =>
  Object.entries(lock)
    .filter(([folder, entry]) => {
      if (folder === '') return false;
      const found = installed[folder];
      if (found === undefined) return entry.optional !== true && entry.devOptional !== true && entry.peer !== true;
      return found.version !== entry.version || found.resolved !== entry.resolved;
    })
    .map(([folder]) => folder);

const readPackages = (file) => {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), 'utf8')).packages ?? {};
  } catch {
    return null;
  }
};

const installedByHand = () => {
  const installed = readPackages('node_modules/.package-lock.json');
  if (installed === null) return false;
  return missingPackages(readPackages('package-lock.json') ?? {}, installed).length === 0;
};

/** Opens a database in memory: the one way to know that the native module fits this Node. */
const sqliteWorks = async () => {
  const code = "new (require('better-sqlite3'))(':memory:').close()";
  return run(process.execPath, ['-e', code], { timeoutMs: 60_000 });
};

const toolchainAdvice = (missing) =>
  `better-sqlite3 has to be compiled here, and ${missing.join(', ')} cannot be found.\n` +
  (isDebian()
    ? 'Run:  sudo apt-get update && sudo apt-get install -y build-essential python3\n'
    : process.platform === 'darwin'
      ? 'Run:  xcode-select --install\n'
      : process.platform === 'win32'
        ? 'Install "Desktop development with C++" of the Visual Studio Build Tools, and Python 3.\n'
        : 'Install a C++ compiler (g++ or clang++), make and Python 3.\n') +
  'Then run the same command again.';

const missingCompilers = () => (process.platform === 'win32' ? [] : COMPILERS.filter((name) => which(name) === null));

const OUT_OF_STEP =
  'package-lock.json does not fit a package.json that was changed since. Run:\n' +
  '  npm install && node scripts/complete-lock.mjs';

const heartbeat = { everyMinute: (s) => say(`  … still installing (${s} s)`) };

/** npm's own words without its usage help, which would push the reason out of sight. */
const withoutHelp = (log) => log.replace(/^npm error Clean install a project[^]*?^npm error Run "npm help ci".*$/m, '');

/** Runs an npm step; where a compiler was missing and can be had, gets it and tries once more. */
const npmStep = async (args, failure) => {
  const options = { timeoutMs: INSTALL_TIMEOUT_MS, ...heartbeat };
  let result = await npm(args, options);
  if (result.code === 0) return;
  const missing = missingCompilers();
  if (missing.length > 0 && canApt()) {
    say(`${missing.join(', ')} not found: installing build-essential and python3 by apt-get`);
    const apt = await aptInstall('build-essential', 'python3');
    if (apt.code !== 0) say(`apt-get did not succeed; the end of its log:\n${tail(apt.output, 15)}`);
    else result = await npm(args, options);
  }
  if (result.code === 0) return;
  const left = missingCompilers();
  throw new SetupError(
    `${failure}; the end of the log:\n\n${tail(withoutHelp(result.output))}\n` +
      (/are in sync|from lock file/.test(result.output) ? `\n${OUT_OF_STEP}\n` : '') +
      (result.why === null ? '' : `\n(${result.why})\n`) +
      (left.length > 0 && /gyp|better-sqlite3|node-pre-gyp|prebuild/i.test(result.output)
        ? `\n${toolchainAdvice(left)}`
        : ''),
  );
};

/** Makes node_modules be what package-lock.json says, with native modules for this Node. Throws SetupError. */
export const ensureInstalled = async () => {
  const want = wanted();
  const folder = existsSync(join(ROOT, 'node_modules'));
  if (folder && same(readStamp(STAMP), want) && readPackages('node_modules/.package-lock.json') !== null) return;
  if (!(folder && installedByHand())) {
    say('installing packages (npm ci); better-sqlite3 may have to be compiled, which can take some minutes');
    await npmStep(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=notice'], 'npm ci failed');
  }
  if ((await sqliteWorks()).code !== 0) {
    say(`building better-sqlite3 for Node ${process.versions.node}; this can take some minutes`);
    await npmStep(['rebuild', 'better-sqlite3', '--ignore-scripts=false'], 'better-sqlite3 could not be built');
    const check = await sqliteWorks();
    if (check.code !== 0) {
      throw new SetupError(
        `better-sqlite3 was built but cannot be loaded:\n\n${tail(check.output, 15)}\n\n` +
          'Remove the folder node_modules and run the same command again.',
      );
    }
  }
  writeStamp(STAMP, want);
};
