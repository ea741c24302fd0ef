import { gridError } from './fault.ts';

/**
 * Bytes of a module's memory, as the module names them: two 32-bit integers, which JavaScript gets signed. The view is
 * good for this call only: a memory that grows gets another buffer.
 */
export const span = (memory: WebAssembly.Memory, at: number, size: number, call: string): Uint8Array<ArrayBuffer> => {
  const { buffer } = memory;
  const start = at >>> 0;
  const length = size >>> 0;
  if (start + length > buffer.byteLength) {
    throw gridError(call, `${length} bytes at ${start} lie outside of the memory of ${buffer.byteLength} bytes`);
  }
  return new Uint8Array(buffer, start, length);
};

const lossy = new TextDecoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** At most `chars` characters of a text; what is no UTF-8 is replaced. */
export const shortText = (bytes: Uint8Array<ArrayBuffer>, chars: number): string =>
  lossy.decode(bytes.subarray(0, chars * 4)).slice(0, chars);

/** A text that must be UTF-8. */
export const exactText = (bytes: Uint8Array<ArrayBuffer>, call: string): string => {
  try {
    return strict.decode(bytes);
  } catch {
    throw gridError(call, 'the text is no UTF-8');
  }
};
