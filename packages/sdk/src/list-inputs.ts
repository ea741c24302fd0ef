import { LIMITS } from '@gossamer/protocol';
import type { Chunks } from './content.ts';
import type { GossamerError } from './error.ts';
import { errorOf } from './error-kinds.ts';
import { type InputSource, type Inputs, lines } from './inputs.ts';
import { jsonText } from './json-text.ts';
import { isBinary, packedChunks } from './packed-values.ts';

/** A list up to this size travels inside of the job, characters; a longer one as a blob of lines. */
const INLINE_TEXT = 1024 * 1024;
/** Lines are joined to chunks of about this size, characters. */
const CHUNK_TEXT = 64 * 1024;

/**
 * Any inputs as a source. Small arrays become a list; larger ones, and whatever else yields values, one JSON line a
 * value; where there are bytes among them, a blob of values one after the other. Throws `source-empty` where there is nothing and `source-invalid` where a value is no JSON.
 */
export const sourceOf = <In>(inputs: Inputs<In>): InputSource<In> => {
  if (typeof inputs === 'object' && inputs !== null) {
    if ('kind' in inputs) return inputs;
    if (Array.isArray(inputs)) return arraySource(inputs as readonly In[]);
    if (Symbol.iterator in inputs || Symbol.asyncIterator in inputs) return streamSource(inputs);
  }
  throw errorOf('usage', 'inputs are a source such as range(), an array, or something iterable');
};

const arraySource = <In>(items: readonly In[]): InputSource<In> => {
  if (items.length === 0) throw nothing();
  const echo = (unit: number): In | undefined => items[unit];
  if (items.some(isBinary)) {
    return { kind: 'source', content: packedChunks(items), source: (blob) => ({ kind: 'packed', blob }), echo };
  }
  let characters = 0;
  items.forEach((item, index) => (characters += jsonText(item, inputName(index)).length + 1));
  if (items.length > LIMITS.listItems || characters > INLINE_TEXT) {
    return { ...lines<In>(jsonChunks(items), 'ndjson'), echo };
  }
  const source = { kind: 'list', items: items as never } as const;
  return { kind: 'source', content: null, source: () => source, echo };
};

/** As lines of JSON, unless its first value is bytes: what comes after them may then be either. */
const streamSource = <In>(values: Iterable<In> | AsyncIterable<In>): InputSource<In> => {
  let isPacked = false;
  async function* content(): Chunks {
    const iterator = Symbol.asyncIterator in values ? values[Symbol.asyncIterator]() : values[Symbol.iterator]();
    try {
      const first = await iterator.next();
      isPacked = first.done !== true && isBinary(first.value);
      async function* all(): AsyncGenerator<In> {
        for (let step = first; step.done !== true; step = await iterator.next()) yield step.value;
      }
      yield* isPacked ? packedChunks(all()) : jsonChunks(all());
    } finally {
      await iterator.return?.();
    }
  }
  return {
    kind: 'source',
    content: content(),
    // Asked once the content was read.
    source: (blob) => (isPacked ? { kind: 'packed', blob } : { kind: 'lines', blob, format: 'ndjson' }),
    echo: () => undefined,
  };
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

const nothing = (): GossamerError => errorOf('source-empty', 'there are no inputs');
