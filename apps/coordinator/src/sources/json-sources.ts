import type { Source, UnitInput } from '@gossamer/protocol';
import { ENCODING, ProblemError, utf8 } from '@gossamer/protocol';
import type { OpenedSource } from './opened-source.ts';

const inline = (body: Uint8Array): UnitInput => ({ kind: 'inline', encoding: ENCODING.json, body });

/** Numbers as JSON. Those of one lease are views of one buffer: tiny ones are leased by the hundred. */
const numbers = (values: readonly number[]): UnitInput[] => {
  const texts = values.map(String);
  const { buffer, byteOffset } = Buffer.from(texts.join(''), 'latin1');
  let at = byteOffset;
  return texts.map(({ length }) => {
    const body = new Uint8Array(buffer, at, length);
    at += length;
    return inline(body);
  });
};

type RangeOf = Pick<Extract<Source, { kind: 'range' }>, 'start' | 'stop' | 'step'>;

/** How many integers it holds. */
export const rangeTotal = ({ start, stop, step }: RangeOf): number => Math.max(0, Math.ceil((stop - start) / step));

export const openRange = (source: RangeOf): OpenedSource => {
  const { start, step } = source;
  const total = rangeTotal(source);
  const inputs = (indices: readonly number[]) => numbers(indices.map((index) => start + index * step));
  return { total, inlineBytes: 24, inputs };
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
  const inputs = (indices: readonly number[]) =>
    indices.map((index) => inline(utf8(JSON.stringify(source.items[index]))));
  return { total: source.items.length, inlineBytes, inputs };
};
