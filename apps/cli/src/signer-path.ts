import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from './exit-code.ts';

/** Where this user's settings are: XDG's folder, or that of Windows. */
const configFolder = (): string => {
  const { XDG_CONFIG_HOME, APPDATA } = process.env;
  if (XDG_CONFIG_HOME !== undefined && XDG_CONFIG_HOME !== '') return join(XDG_CONFIG_HOME, 'gossamer');
  if (process.platform === 'win32' && APPDATA !== undefined) return join(APPDATA, 'gossamer');
  return join(homedir(), '.config', 'gossamer');
};

/** The file of a signer by its name. */
export const signerPath = (name: string): string => {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) {
    throw new UsageError(`"${name}" cannot name a signer's file: letters, digits, dots, dashes, and 64 at the most`);
  }
  return join(configFolder(), 'signers', `${name}.json`);
};
