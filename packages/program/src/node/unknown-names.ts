import { absenceText } from '../absence.ts';
import { placeText } from '../place.ts';
import { freeNames } from './free-names.ts';
import type { Origin } from './origins.ts';
import type { Finding } from './program-error.ts';

/** What a bundle uses and no tab knows: of the machine on which it was written, of Node, of a page. */
export interface UnknownNames {
  /** In the program's own files. */
  own: Finding[];
  /** In files of packages, where it may lie in a part that is never called: each name once a file. */
  ofPackages: Finding[];
}

const isOfPackage = (file: string): boolean => /(?:^|\/)node_modules\//.test(file);

export const unknownNames = (code: string, origin: (offset: number) => Origin | null): UnknownNames => {
  const found: UnknownNames = { own: [], ofPackages: [] };
  const told = new Set<string>();
  for (const { name, offset } of freeNames(code, (place) => origin(place)?.file ?? '')) {
    const from = origin(offset);
    const at = from === null ? 'program' : placeText(from.file, from);
    if (from === null || !isOfPackage(from.file)) {
      found.own.push({ at, message: absenceText(name) });
    } else if (!told.has(`${from.file} ${name}`)) {
      told.add(`${from.file} ${name}`);
      found.ofPackages.push({ at, message: `${absenceText(name)}; a unit that comes here fails` });
    }
  }
  return found;
};
