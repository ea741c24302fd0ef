import type { Draft } from '../draft.ts';
import { WasmFault } from '../fault.ts';
import { WASM_BOUNDS } from '../limits.ts';
import type { Reader } from '../reader.ts';
import { type LimitsFaults, sizeLimits } from '../size-limits.ts';
import { tableType } from '../value-type.ts';

const faults: LimitsFaults = {
  unbounded: (offset) =>
    new WasmFault('table-unbounded', offset, 'the table has no maximum; compile without a growable table'),
  shared: (offset) => new WasmFault('threads', offset, 'the table is shared; compile without threads'),
  wide: (offset) => new WasmFault('memory-64', offset, 'the table has 64-bit indices; compile for wasm32'),
};

export const readTables = (reader: Reader, draft: Draft): void => {
  const count = reader.count('tables', WASM_BOUNDS.tables, 3);
  let entries = 0;
  for (let i = 0; i < count; i++) {
    const { at } = reader;
    tableType(reader);
    const { initial, maximum } = sizeLimits(reader, 'the table', faults);
    entries += maximum;
    if (entries > WASM_BOUNDS.tableEntries) {
      const text = `the tables may have ${entries} entries; ${WASM_BOUNDS.tableEntries} are allowed`;
      throw new WasmFault('table-too-large', at, text);
    }
    draft.tables.push(initial);
  }
};
