import type { Metafile } from 'esbuild';
import { absenceAdvice, absenceText } from '../absence.ts';
import { placeText } from '../place.ts';
import { freeNames } from './free-names.ts';
import type { Origin } from './origins.ts';
import type { Finding } from './program-error.ts';

/** What a bundle uses and no tab knows: of the machine on which it was written, of Node, of a page. */
export interface UnknownNames {
  /** In the program's own files. */
  own: Finding[];
  /**
   * In files of packages, where it may lie in a part that is never called: each name once a file, and only those of which it is
   * known that a cage has not got them. Authors of packages declare their own.
   */
  ofPackages: Finding[];
}

type Inputs = Metafile['inputs'];

/**
 * The files that are the program's own: its entry, and what is imported from there on by relative paths. What is imported by a
 * name is a package, wherever it lies: one of a workspace is linked to from `node_modules`.
 */
const ownFiles = (inputs: Inputs, entry: string): Set<string> => {
  const own = new Set([entry]);
  for (const file of own) {
    for (const { path, original } of inputs[file]?.imports ?? []) if (original?.startsWith('.') === true) own.add(path);
  }
  return own;
};

/** `origin`: where a character of the bundle comes from; `inputs`, `entry`: what was bundled, and where that began. */
export const unknownNames = (
  code: string,
  origin: (offset: number) => Origin | null,
  inputs: Inputs,
  entry: string,
): UnknownNames => {
  const own = ownFiles(inputs, entry);
  const found: UnknownNames = { own: [], ofPackages: [] };
  const told = new Set<string>();
  for (const { name, offset, isType } of freeNames(code, (place) => origin(place)?.file ?? '')) {
    const from = origin(offset);
    const at = from === null ? 'program' : placeText(from.file, from);
    if (from === null || own.has(from.file)) {
      found.own.push({ at, message: absenceText(name) });
    } else if (!isType && absenceAdvice(name) !== null && !told.has(`${from.file} ${name}`)) {
      told.add(`${from.file} ${name}`);
      found.ofPackages.push({ at, message: `${absenceText(name)}; a unit that comes here fails` });
    }
  }
  return found;
};
