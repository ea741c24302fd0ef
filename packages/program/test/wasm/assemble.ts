import wabt from 'wabt';

const { parseWat } = await wabt();
/** All that the assembler knows: what is refused is written, too. */
const FEATURES = {
  exceptions: true,
  threads: true,
  simd: true,
  tail_call: true,
  bulk_memory: true,
  reference_types: true,
  memory64: true,
  multi_memory: true,
  multi_value: true,
  relaxed_simd: true,
  extended_const: true,
};

/** A module's bytes from its text; neither types nor indices are checked. */
export const wat = (text: string): Uint8Array<ArrayBuffer> => {
  const module = parseWat('module.wat', text, FEATURES);
  try {
    return new Uint8Array(module.toBinary({}).buffer);
  } finally {
    module.destroy();
  }
};
