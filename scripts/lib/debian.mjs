import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './run.mjs';
import { cleanEnvironment } from './npm.mjs';
import { say } from './say.mjs';

const APT_TIMEOUT_MS = 15 * 60_000;

/** The full path of a program on the PATH, or null. */
export const which = (name, path = process.env.PATH ?? '') => {
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return null;
};

/** True on Debian, Ubuntu and their kin. */
export const isDebian = () =>
  process.platform === 'linux' && existsSync('/etc/debian_version') && which('apt-get') !== null;

/** True where packages can be installed without asking anybody. */
export const canApt = () => isDebian() && process.getuid?.() === 0;

/** Installs Debian packages; resolves to what `run` does. Only where `canApt()`. */
export const aptInstall = async (...packages) => {
  const env = { ...cleanEnvironment(), DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, timeoutMs: APT_TIMEOUT_MS, everyMinute: (s) => say(`  … still installing (${s} s)`) };
  const update = await run('apt-get', ['update', '-q'], options);
  const install = await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], options);
  return install.code === 0 ? install : { ...install, output: `${update.output}\n${install.output}` };
};
