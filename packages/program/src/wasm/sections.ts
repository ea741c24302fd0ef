import type { Draft } from './draft.ts';
import type { Reader } from './reader.ts';
import { readCode } from './sections/code.ts';
import { readData, readDataCount } from './sections/data.ts';
import { readElements } from './sections/element.ts';
import { readExports } from './sections/export.ts';
import { readFunctions } from './sections/function.ts';
import { readGlobals } from './sections/global.ts';
import { readImports } from './sections/import.ts';
import { readMemories } from './sections/memory.ts';
import { readStart } from './sections/start.ts';
import { readTables } from './sections/table.ts';
import { readTypes } from './sections/type.ts';

export interface Section {
  id: number;
  what: string;
  read: (reader: Reader, draft: Draft) => void;
}

/** Ids that stand for something which is refused, or may stand anywhere. */
export const CUSTOM_SECTION = 0;
export const TAG_SECTION = 13;

/** Sections in the order in which a module has them, each at most once. */
export const SECTIONS: readonly Section[] = [
  { id: 1, what: 'types', read: readTypes },
  { id: 2, what: 'imports', read: readImports },
  { id: 3, what: 'functions', read: readFunctions },
  { id: 4, what: 'tables', read: readTables },
  { id: 5, what: 'memories', read: readMemories },
  { id: 6, what: 'globals', read: readGlobals },
  { id: 7, what: 'exports', read: readExports },
  { id: 8, what: 'start', read: readStart },
  { id: 9, what: 'elements', read: readElements },
  { id: 12, what: 'data count', read: readDataCount },
  { id: 10, what: 'code', read: readCode },
  { id: 11, what: 'data', read: readData },
];
