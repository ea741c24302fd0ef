import type { Source } from '@gossamer/protocol';
import { ENCODING, ProblemError, utf8 } from '@gossamer/protocol';
import type { OpenedSource } from './opened-source.ts';

const jsonInput = (value: unknown) =>
  ({ kind: 'inline', encoding: ENCODING.json, body: utf8(JSON.stringify(value)) }) as const;

export const openRange = (source: Extract<Source, { kind: 'range' }>): OpenedSource => {
  const { start, stop, step } = source;
  const total = Math.max(0, Math.ceil((stop - start) / step));
  return { total, inlineBytes: 24, input: async (index) => jsonInput(start + index * step) };
};

export const openList = (source: Extract<Source, { kind: 'list' }>, inlineLimit: number): OpenedSource => {
  let inlineBytes = 0;
  source.items.forEach((item, index) => {
    const size = Buffer.byteLength(JSON.stringify(item));
    if (size > inlineLimit) {
      throw new ProblemError('source-invalid', `item ${index} has ${size} bytes; at most ${inlineLimit} are allowed`);
    }
    inlineBytes = Math.max(inlineBytes, size);
  });
  return { total: source.items.length, inlineBytes, input: async (index) => jsonInput(source.items[index]) };
};
