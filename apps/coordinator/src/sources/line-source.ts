import type { Source } from '@gossamer/protocol';
import { ENCODING, LIMITS, ProblemError, utf8 } from '@gossamer/protocol';
import { isUtf8 } from 'node:buffer';
import { oneByOne, type OpenedSource, type ReadPart } from './opened-source.ts';
import { Spans } from './spans.ts';
import { NO_TEXT } from './utf8-only.ts';

const LINE_FEED = 10;
/** The byte order mark that some editors begin a file of UTF-8 with; it is no part of the first line. */
const MARK = Buffer.from('\uFEFF');

interface LineIndex {
  lines: Spans;
  /** Bytes of all. */
  size: number;
  /** The largest input, bytes. */
  longest: number;
}

/** A line of text as its unit's input: a JSON string, which may be longer than the line. */
const textInput = (line: Uint8Array): Uint8Array<ArrayBuffer> =>
  utf8(JSON.stringify(Buffer.from(line).toString('utf8').replace(/\r$/, '')));

const checkLength = ({ byteLength }: Buffer, number: number): void => {
  if (byteLength <= LIMITS.inlineInput) return;
  throw new ProblemError(
    'source-invalid',
    `line ${number} has ${byteLength} bytes; at most ${LIMITS.inlineInput} are allowed`,
  );
};

const checkLine = (line: Buffer, number: number, format: 'ndjson' | 'text'): void => {
  checkLength(line, number);
  // Another character in place of what cannot be read would change the input without a word.
  if (!isUtf8(line)) throw new ProblemError('source-invalid', `line ${number} ${NO_TEXT}`);
  if (format === 'text') return;
  try {
    JSON.parse(line.toString('utf8'));
  } catch (error) {
    const instead = 'mend it, or read the lines as text (format: text; --format text)';
    throw new ProblemError(
      'source-invalid',
      `line ${number} is no JSON: ${(error as SyntaxError).message}; ${instead}`,
    );
  }
};

/** Walks the blob once: where each line lies, blank ones left out. Throws ProblemError `source-invalid`. */
const indexLines = async (
  content: AsyncIterable<Uint8Array>,
  format: 'ndjson' | 'text',
  mayBeMarked: boolean,
): Promise<LineIndex> => {
  const index: LineIndex = { lines: new Spans(), size: 0, longest: 0 };
  let carried = Buffer.alloc(0);
  let start = 0;
  let number = 0;
  const add = (read: Buffer): void => {
    number += 1;
    const end = start + read.byteLength;
    let line = read;
    if (mayBeMarked && number === 1 && line.subarray(0, MARK.byteLength).equals(MARK)) {
      line = line.subarray(MARK.byteLength);
      start += MARK.byteLength;
    }
    if (line.toString('utf8').trim() !== '') {
      checkLine(line, number, format);
      index.lines.add(start, end);
      const size = format === 'text' ? textInput(line).byteLength : line.byteLength;
      index.longest = Math.max(index.longest, size);
    }
    start = end + 1;
  };
  for await (const chunk of content) {
    index.size += chunk.byteLength;
    let rest = carried.byteLength === 0 ? Buffer.from(chunk) : Buffer.concat([carried, chunk]);
    for (let at = rest.indexOf(LINE_FEED); at !== -1; at = rest.indexOf(LINE_FEED)) {
      add(rest.subarray(0, at));
      rest = rest.subarray(at + 1);
    }
    carried = rest;
    if (carried.byteLength > LIMITS.inlineInput) checkLength(carried, number + 1);
  }
  if (carried.byteLength > 0) add(carried);
  return index;
};

/**
 * Lines of `content`, which are read by `read` when they are wanted; `mayBeMarked`: it may begin with a byte order mark. Throws
 * ProblemError `source-invalid`.
 */
export const openLines = async (
  format: Extract<Source, { kind: 'lines' }>['format'],
  content: AsyncIterable<Uint8Array>,
  read: ReadPart,
  mayBeMarked = true,
): Promise<OpenedSource> => {
  const { lines, size, longest } = await indexLines(content, format, mayBeMarked);
  const input = async (index: number) => {
    const line = await read(lines.at(index));
    if (format === 'ndjson') return { kind: 'inline', encoding: ENCODING.json, body: line } as const;
    return { kind: 'inline', encoding: ENCODING.json, body: textInput(line) } as const;
  };
  const nothing = `${size === 0 ? 'it is empty' : 'it has nothing but blank lines'}; each line is an input`;
  return { total: lines.count, inlineBytes: longest, inputs: oneByOne(input), nothing };
};
