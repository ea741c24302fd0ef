import { type GossamerError, errorOf } from '@gossamer/sdk/node';
import type { Readable } from 'node:stream';
import { byteLines } from './byte-lines.ts';

export type Format = 'auto' | 'ndjson' | 'text';

/**
 * The lines of a stream but blank ones, as values, while they come. `auto`: JSON if the first one is. Throws
 * `source-invalid`, as of a line of a file, with the number of a line that is none.
 */
export async function* lineValues(stream: Readable, format: Format): AsyncGenerator<unknown> {
  let isText = format === 'text';
  let number = 0;
  let isFirst = true;
  for await (const lines of byteLines(stream)) {
    for (const line of lines) {
      number += 1;
      if (line.trim() === '') continue;
      const wasFirst = isFirst;
      isFirst = false;
      const read = isText ? { value: line } : parsedLine(line);
      if ('value' in read) yield read.value;
      else if (format === 'auto' && wasFirst) {
        if (BEGINS_DOCUMENT.test(line)) throw documentOverLines(number, line.trim());
        isText = true;
        yield line;
      } else throw noJson(number, read.reason, format);
    }
  }
}

/** Hardly the first of many texts: JSON that was written over several lines begins so. */
export const BEGINS_DOCUMENT = /^\s*[[{]\s*$/;

const documentOverLines = (number: number, line: string): GossamerError =>
  errorOf(
    'source-invalid',
    `line ${number} is "${line}", as where JSON is written over several lines: an input is a line. --format json takes the ` +
      'items of one array, `jq -c ".[]"` makes lines of them, and --format text takes lines as texts',
  );

/** A line as JSON, or why it is none. */
export const parsedLine = (line: string): { value: unknown } | { reason: string } => {
  try {
    return { value: JSON.parse(line) };
  } catch (error) {
    return { reason: (error as Error).message };
  }
};

const noJson = (number: number, reason: string, format: Format): GossamerError => {
  const said = `line ${number} is no JSON: ${reason}`;
  const all = '; as the first line is JSON, all are to be: --format text takes them as text';
  return errorOf('source-invalid', format === 'auto' ? said + all : said);
};
