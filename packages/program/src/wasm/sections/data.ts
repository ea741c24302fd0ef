import { constant } from '../constant.ts';
import type { Draft } from '../draft.ts';
import { WasmFault, hex } from '../fault.ts';
import { PAGE_BYTES, WASM_BOUNDS } from '../limits.ts';
import type { Reader } from '../reader.ts';

const PASSIVE = 1;
const EXPLICIT = 2;

export const readDataCount = (reader: Reader, draft: Draft): void => {
  draft.announcedSegments = reader.u32();
};

export const readData = (reader: Reader, draft: Draft): void => {
  const count = reader.count('segments of data', WASM_BOUNDS.segments, 2);
  for (let i = 0; i < count; i++) readSegment(reader, draft);
  draft.segments = count;
};

const readSegment = (reader: Reader, draft: Draft): void => {
  const { at } = reader;
  const form = reader.u32();
  if (form > EXPLICIT) throw new WasmFault('malformed', at, `a segment of data has the unknown form ${hex(form)}`);
  if (form === EXPLICIT) reader.expect(0, 'the memory of a segment');
  const offset = form === PASSIVE ? 0 : constant(reader, 'i32') >>> 0;
  const size = reader.count('bytes of data', reader.end);
  reader.skip(size);
  // Without a memory the module is refused in the end, in clearer words.
  if (form === PASSIVE || draft.memory === null) return;
  const initial = draft.memory.initialPages * PAGE_BYTES;
  if (offset + size > initial) {
    const text = `data lies at ${offset} to ${offset + size}, the memory begins with ${initial} bytes: declare a larger initial memory`;
    throw new WasmFault('segment-outside', at, text);
  }
};
