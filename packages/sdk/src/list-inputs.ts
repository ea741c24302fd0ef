import { LIMITS } from '@gossamer/protocol';
import type { Chunks } from './content.ts';
import { GossamerError } from './error.ts';
import { type InputSource, type Inputs, lines } from './inputs.ts';
import { jsonText } from './json-text.ts';

/** A list up to this size travels inside of the job, characters; a longer one as a blob of lines. */
const INLINE_TEXT = 1024 * 1024;
/** Lines are joined to chunks of about this size, characters. */
const CHUNK_TEXT = 64 * 1024;

/**
 * Any inputs as a source. Small arrays become a list; larger ones, and whatever else yields values, one JSON line a
 * value. Throws `source-empty` where there is nothing and `source-invalid` where a value is no JSON.
 */
export const sourceOf = <In>(inputs: Inputs<In>): InputSource<In> => {
  if (typeof inputs === 'object' && inputs !== null) {
    if ('kind' in inputs) return inputs;
    if (Array.isArray(inputs)) return arraySource(inputs as readonly In[]);
    if (Symbol.iterator in inputs || Symbol.asyncIterator in inputs) return lines<In>(jsonChunks(inputs), 'ndjson');
  }
  throw new GossamerError('usage', 'inputs are a source such as range(), an array, or something iterable');
};

const arraySource = <In>(items: readonly In[]): InputSource<In> => {
  if (items.length === 0) throw nothing();
  const echo = (unit: number): In | undefined => items[unit];
  let characters = 0;
  items.forEach((item, index) => (characters += jsonText(item, inputName(index)).length + 1));
  if (items.length > LIMITS.listItems || characters > INLINE_TEXT) {
    return { ...lines<In>(jsonChunks(items), 'ndjson'), echo };
  }
  const source = { kind: 'list', items: items as never } as const;
  return { kind: 'source', content: null, source: () => source, echo };
};

async function* jsonChunks(values: Iterable<unknown> | AsyncIterable<unknown>): Chunks {
  const encoder = new TextEncoder();
  let text = '';
  let index = 0;
  for await (const value of values) {
    text += `${jsonText(value, inputName(index++))}\n`;
    if (text.length < CHUNK_TEXT) continue;
    yield encoder.encode(text);
    text = '';
  }
  if (index === 0) throw nothing();
  if (text !== '') yield encoder.encode(text);
}

const inputName = (index: number): string => `input ${index}`;

const nothing = (): GossamerError => new GossamerError('source-empty', 'there are no inputs');
