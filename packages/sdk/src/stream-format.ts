import { LIMITS, type StreamSource } from '@gossamer/protocol';
import { errorOf } from './error-kinds.ts';
import { jsonText } from './json-text.ts';
import { isBinary, packedValue } from './packed-values.ts';

/** Values as they are sent to a stream: of JSON alone, or of bytes and JSON. */
export type StreamFormat = Exclude<StreamSource['format'], 'text'>;

/** One value as it travels; and what it takes, bytes or characters. */
export interface StreamValue {
  parts: readonly (string | Uint8Array)[];
  size: number;
}

export const CONTENT_TYPE: Record<StreamFormat, string> = {
  ndjson: 'application/x-ndjson',
  packed: 'application/octet-stream',
};

/** Throws GossamerError `source-invalid` for a value that cannot travel, or does not fit one request. */
export const streamValue = (format: StreamFormat, value: unknown, index: number): StreamValue => {
  const what = `input ${index}`;
  if (format === 'ndjson') {
    const text = jsonText(value, what);
    requireInline(text, what);
    return { parts: [text, '\n'], size: text.length + 1 };
  }
  if (!isBinary(value)) requireInline(jsonText(value, what), what);
  const parts = packedValue(value, what);
  const size = parts[0].byteLength + parts[1].byteLength;
  if (size <= LIMITS.body) return { parts, size };
  const most = `a stream takes ${LIMITS.body}: give such inputs to map, as an array or a file`;
  throw errorOf('source-invalid', `${what} has ${size} bytes; ${most}`);
};

/** One that the coordinator would refuse would be refused with all that travel with it. */
const requireInline = (text: string, what: string): void => {
  // A character of a text has three bytes at the most.
  if (text.length * 3 <= LIMITS.inlineInput) return;
  const bytes = new TextEncoder().encode(text).byteLength;
  if (bytes <= LIMITS.inlineInput) return;
  throw errorOf('source-invalid', `${what} has ${bytes} bytes as JSON; at most ${LIMITS.inlineInput} are allowed`);
};

/** What is sent in one request. */
export const contentOf = (values: readonly StreamValue[]): Blob =>
  new Blob(values.flatMap(({ parts }) => parts) as BlobPart[]);
