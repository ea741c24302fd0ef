export const MAGIC = [0x00, 0x61, 0x73, 0x6d];

/** Whether bytes are meant as a wasm module; any text differs in the first byte. */
export const isWasm = (bytes: Uint8Array): boolean => MAGIC.every((byte, i) => bytes[i] === byte);
