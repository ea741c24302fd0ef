import { constant, functionConstant } from '../constant.ts';
import type { Draft } from '../draft.ts';
import { WasmFault, hex } from '../fault.ts';
import { indexOf } from '../index-of.ts';
import { WASM_BOUNDS } from '../limits.ts';
import type { Reader } from '../reader.ts';
import { tableType } from '../value-type.ts';

/** Bits of a segment's form; the third says that its entries are expressions. */
const PASSIVE = 1;
const EXPLICIT = 2;
const EXPRESSIONS = 4;

export const readElements = (reader: Reader, draft: Draft): void => {
  const count = reader.count('segments of tables', WASM_BOUNDS.segments, 2);
  for (let i = 0; i < count; i++) readElement(reader, draft);
};

const readElement = (reader: Reader, draft: Draft): void => {
  const { at } = reader;
  const form = reader.u32();
  if (form > (PASSIVE | EXPLICIT | EXPRESSIONS)) {
    throw new WasmFault('malformed', at, `a segment of a table has the unknown form ${hex(form)}`);
  }
  const place = (form & PASSIVE) === 0 ? tablePlace(reader, draft, (form & EXPLICIT) !== 0) : null;
  if ((form & (PASSIVE | EXPLICIT)) !== 0) {
    if ((form & EXPRESSIONS) !== 0) tableType(reader);
    else reader.expect(0, 'the kind of entries of a segment');
  }
  const entries = reader.count('entries of a segment', WASM_BOUNDS.tableEntries);
  if (place !== null && place.offset + entries > place.size) {
    const text = `a segment fills entries ${place.offset} to ${place.offset + entries} of a table of ${place.size}`;
    throw new WasmFault('segment-outside', at, text);
  }
  for (let i = 0; i < entries; i++) {
    if ((form & EXPRESSIONS) !== 0) functionConstant(reader, draft);
    else indexOf(reader, draft.functions.length, 'function');
  }
};

const tablePlace = (reader: Reader, draft: Draft, named: boolean): { size: number; offset: number } => {
  const { at } = reader;
  const index = named ? indexOf(reader, draft.tables.length, 'table') : 0;
  const size = draft.tables[index];
  if (size === undefined) throw new WasmFault('malformed', at, 'a segment fills a table that is not there');
  return { size, offset: constant(reader, 'i32') >>> 0 };
};
