import type { Draft } from '../draft.ts';
import { WasmFault, hex } from '../fault.ts';
import { indexOf } from '../index-of.ts';
import { WASM_BOUNDS } from '../limits.ts';
import type { Reader } from '../reader.ts';

/** The kinds of what can be exported, and how many of each a module has. */
const KINDS = [
  { what: 'function', count: (draft: Draft) => draft.functions.length },
  { what: 'table', count: (draft: Draft) => draft.tables.length },
  { what: 'memory', count: (draft: Draft) => (draft.memory === null ? 0 : 1) },
  { what: 'global', count: (draft: Draft) => draft.globals },
] as const;

export const readExports = (reader: Reader, draft: Draft): void => {
  const count = reader.count('exports', WASM_BOUNDS.exports, 3);
  for (let i = 0; i < count; i++) {
    const { at } = reader;
    const name = reader.name('an export');
    if (draft.exports.has(name)) {
      throw new WasmFault('export-duplicate', at, `${JSON.stringify(name)} is exported twice`);
    }
    const kind = reader.byte();
    const known = KINDS[kind];
    if (known === undefined) {
      throw new WasmFault('malformed', at, `${JSON.stringify(name)} is exported as the unknown kind ${hex(kind)}`);
    }
    draft.exports.set(name, { kind, index: indexOf(reader, known.count(draft), known.what) });
  }
};
