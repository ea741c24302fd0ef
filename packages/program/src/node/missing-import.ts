import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';

const isPath = (specifier: string): boolean => /^\.\.?(?:\/|$)/.test(specifier) || isAbsolute(specifier);

/** The package that an import is of: its first name, or two of a scope. */
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** A folder and those above it. */
const upwards = (folder: string): string[] => {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
};

const holderOf = (name: string, folder: string): string | null =>
  upwards(folder).find((at) => existsSync(join(at, 'node_modules', name))) ?? null;

export interface MissingImport {
  specifier: string;
  /** Where the file lies that imports it. */
  importer: string;
  /** Where the program lies. */
  program: string;
  /** Where the bundler was started. */
  here: string;
}

/** What an import is that cannot be found: where it was looked for, and what to do. */
export const missingText = ({ specifier, importer, program, here }: MissingImport): string => {
  const said = `"${specifier}" cannot be found`;
  if (isPath(specifier)) return `${said}: there is no file ${resolve(importer, specifier)}; mend its path`;
  const name = packageOf(specifier);
  const holder = holderOf(name, importer);
  if (holder !== null) {
    const where = join(holder, 'node_modules', name);
    return `${said}: the package is in ${where}, and has no such part for browsers; its package.json says what it has`;
  }
  const install = `\`npm install ${name}\` in ${program} installs it`;
  const elsewhere = holderOf(name, here);
  if (elsewhere !== null) {
    return (
      `${said}: it is installed in ${elsewhere}, and the program lies outside of that folder, in ${program}: move the program ` +
      `there, or ${install}`
    );
  }
  const hasAny = upwards(importer).some((at) => existsSync(join(at, 'node_modules')));
  const looked = hasAny
    ? `looked in node_modules of ${importer} and of each folder above it`
    : `neither ${importer} nor a folder above it has a node_modules`;
  return `${said}: ${looked}; ${install}`;
};
