import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { UsageError } from './exit-code.ts';

export type Format = 'auto' | 'ndjson' | 'text';

/** All lines of a stream but blank ones, as values. They are kept, so that results can come with their input. */
export const readLines = async (stream: Readable, format: Format): Promise<unknown[]> => {
  const texts: string[] = [];
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() !== '') texts.push(line);
  }
  if (format === 'text') return texts;
  const values: unknown[] = [];
  for (const [index, text] of texts.entries()) {
    try {
      values.push(JSON.parse(text));
    } catch (error) {
      if (format === 'auto') return texts;
      throw new UsageError(`line ${index + 1} that is not blank is no JSON: ${(error as Error).message}`);
    }
  }
  return values;
};
