const name = (text: string): number[] => [text.length, ...Buffer.from(text)];
const section = (id: number, ...content: number[]): number[] => [id, content.length, ...content];

/** A wasm module whose memory may have `pages`, and whose `run` has this body. */
export const module = (pages: number, ...body: number[]): Uint8Array => {
  const code = [0, ...body, 0x0b];
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 0, 0),
    ...section(2, 1, ...name('grid'), ...name('memory'), 2, 1, 1, pages),
    ...section(3, 1, 0),
    ...section(7, 1, ...name('run'), 0, 0),
    ...section(10, 1, code.length, ...code),
  ]);
};

export const TRAP = [0x00];
/** `loop br 0 end` */
export const LOOP = [0x03, 0x40, 0x0c, 0, 0x0b];
