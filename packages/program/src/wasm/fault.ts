/** What a module is refused for. Codes are for programs that read them; the text is for people. */
export type WasmFaultCode =
  | 'module-too-large'
  | 'not-wasm'
  | 'version'
  | 'truncated'
  | 'malformed'
  | 'section-unknown'
  | 'section-order'
  | 'debug-link'
  | 'value-type'
  | 'gc'
  | 'externref'
  | 'tags'
  | 'exceptions'
  | 'threads'
  | 'relaxed-simd'
  | 'instruction-unknown'
  | 'constant'
  | 'import-foreign'
  | 'import-unknown'
  | 'import-kind'
  | 'import-signature'
  | 'memory-missing'
  | 'memory-own'
  | 'memory-second'
  | 'memory-64'
  | 'memory-shared'
  | 'memory-unbounded'
  | 'memory-too-large'
  | 'table-unbounded'
  | 'table-too-large'
  | 'segment-outside'
  | 'export-duplicate'
  | 'run-missing'
  | 'run-signature'
  | 'start'
  | 'too-many';

/** A module that is refused: what is wrong at which byte, and, in `text`, what to do about it. */
export class WasmFault extends Error {
  override readonly name = 'WasmFault';
  readonly code: WasmFaultCode;
  /** Bytes from the beginning of the module. */
  readonly offset: number;
  /** The message without the place. */
  readonly text: string;

  constructor(code: WasmFaultCode, offset: number, text: string) {
    super(`byte ${offset}: ${text}`);
    this.code = code;
    this.offset = offset;
    this.text = text;
  }
}

/** A byte as text: `0x0a`. */
export const hex = (byte: number): string => `0x${byte.toString(16).padStart(2, '0')}`;
