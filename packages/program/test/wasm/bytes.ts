/** A module by hand: what no assembler writes. */

export const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** Unsigned LEB128, shortest form. */
export const leb = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = value;
  do {
    const more = rest > 0x7f;
    bytes.push((rest % 0x80) | (more ? 0x80 : 0));
    rest = Math.floor(rest / 0x80);
  } while (rest > 0);
  return bytes;
};

export const name = (text: string): number[] => {
  const bytes = [...new TextEncoder().encode(text)];
  return [...leb(bytes.length), ...bytes];
};

export const section = (id: number, ...content: number[]): number[] => [id, ...leb(content.length), ...content];

export const bytesOf = (...sections: number[][]): Uint8Array<ArrayBuffer> =>
  new Uint8Array([HEADER, ...sections].flat());

/** Sections of the least module that is accepted: `run` does nothing. */
export const TYPES = section(1, 1, 0x60, 0, 0);
export const IMPORTS = section(2, 1, ...name('grid'), ...name('memory'), 2, 1, 1, 2);
export const FUNCTIONS = section(3, 1, 0);
export const EXPORTS = section(7, 1, ...name('run'), 0, 0);

export const code = (...instructions: number[]): number[] => {
  const body = [0, ...instructions, 0x0b];
  return section(10, 1, ...leb(body.length), ...body);
};
export const LEAST = bytesOf(TYPES, IMPORTS, FUNCTIONS, EXPORTS, code());
