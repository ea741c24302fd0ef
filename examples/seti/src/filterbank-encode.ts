import { HEADER_END, HEADER_START, KEYWORDS } from './filterbank-keywords.ts';

/** Header keywords and their values, in the order in which they are written. */
export type FilterbankFields = Readonly<Record<string, number | string>>;

/**
 * The bytes of a SIGPROC filterbank file: header, then `data` as it is (8 bit cells or float32, row-major).
 * The fields are written unchecked but for their type, so that a test can make wrong files with it.
 *
 * @throws RangeError for a keyword that SIGPROC does not define, or a value of another type than the keyword's
 */
export function encodeFilterbank(fields: FilterbankFields, data: Uint8Array | Float32Array): Uint8Array {
  const parts = [encodeString(HEADER_START)];
  for (const [keyword, value] of Object.entries(fields)) parts.push(encodeString(keyword), encodeValue(keyword, value));
  parts.push(encodeString(HEADER_END), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.byteLength;
  }
  return bytes;
}

function encodeString(text: string): Uint8Array {
  const bytes = new Uint8Array(4 + text.length);
  new DataView(bytes.buffer).setInt32(0, text.length, true);
  for (let i = 0; i < text.length; i++) bytes[4 + i] = text.charCodeAt(i);
  return bytes;
}

function encodeValue(keyword: string, value: number | string): Uint8Array {
  const type = KEYWORDS.get(keyword);
  if (type === 'flag') return new Uint8Array(0);
  if (type === 'string' && typeof value === 'string') return encodeString(value);
  if (typeof value !== 'number' || type === undefined || type === 'string') {
    throw new RangeError(`${keyword} cannot be written with the value ${value}`);
  }
  const bytes = new Uint8Array(type === 'double' ? 8 : type === 'int' ? 4 : 1);
  const view = new DataView(bytes.buffer);
  if (type === 'double') view.setFloat64(0, value, true);
  else if (type === 'int') view.setInt32(0, value, true);
  else view.setInt8(0, value);
  return bytes;
}
