/** Bytes of the result of a unit at the least: its index. */
export const LEAST_BYTES = 4;

const MULTIPLIER = 2_654_435_761;

/** Writes the result that every honest device returns for a unit: its index, then bytes that follow from it. */
export const writeResult = (into: Uint8Array, unit: number): void => {
  const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
  view.setUint32(0, unit, true);
  let state = (Math.imul(unit, MULTIPLIER) ^ 0x9e37) >>> 0;
  let at = LEAST_BYTES;
  for (; at + 4 <= into.byteLength; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    view.setUint32(at, state, true);
  }
  for (; at < into.byteLength; at++) into[at] = at & 0xff;
};

/** Is this the result of the unit? */
export const isResult = (body: Uint8Array, unit: number, bytes: number): boolean => {
  if (body.byteLength !== bytes) return false;
  const expected = new Uint8Array(bytes);
  writeResult(expected, unit);
  return Buffer.compare(expected, body) === 0;
};
