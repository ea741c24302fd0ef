import { statSync } from 'node:fs';
import { aptInstall, canApt, which } from './debian.mjs';
import { say, SetupError } from './say.mjs';

const NAMES = ['firefox-esr', 'firefox'];

const find = () => NAMES.map((name) => which(name)).find((path) => path !== null) ?? null;

/**
 * The path of a Firefox: the one that GOSSAMER_FIREFOX names, else the system's, else Debian's by apt-get (as root).
 * Throws SetupError that says what to do.
 */
export const ensureFirefox = async () => {
  const named = process.env.GOSSAMER_FIREFOX;
  if (named !== undefined && named !== '') {
    if (statSync(named, { throwIfNoEntry: false })?.isFile() === true) return named;
    throw new SetupError(
      `GOSSAMER_FIREFOX names ${named}, but there is no such file. Correct the variable or unset it.`,
    );
  }
  const found = find();
  if (found !== null) return found;
  if (canApt()) {
    say('installing firefox-esr by apt-get; this can take some minutes');
    await aptInstall('firefox-esr');
    const installed = find();
    if (installed !== null) return installed;
  }
  throw new SetupError(
    'no Firefox could be found or installed. Install it (Debian: sudo apt-get install firefox-esr), or name one that you ' +
      'have:  GOSSAMER_FIREFOX=/path/to/firefox',
  );
};
