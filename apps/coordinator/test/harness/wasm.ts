const name = (text: string): number[] => [text.length, ...Buffer.from(text)];
const section = (id: number, ...content: number[]): number[] => [id, content.length, ...content];

/** Bytes of a module whose memory may have `maximum` pages, and whose `run` has this body: it does nothing by itself. */
export const module = ({ namespace = 'grid', maximum = 1, body = [] as number[] } = {}): Uint8Array => {
  const code = [0, ...body, 0x0b];
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 0, 0),
    ...section(2, 1, ...name(namespace), ...name('memory'), 2, 1, 1, maximum),
    ...section(3, 1, 0),
    ...section(7, 1, ...name('run'), 0, 0),
    ...section(10, 1, code.length, ...code),
  ]);
};
