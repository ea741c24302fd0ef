import { ProblemError } from '@gossamer/protocol';

/** What is wrong with bytes that are no text, and what to do about it. */
export const NO_TEXT = 'is no text in UTF-8: convert the file to UTF-8, or cut it into records of bytes';

const LINE_FEED = 10;

/** Passes text on; throws ProblemError `source-invalid` before a piece that is no UTF-8, with the line near which that is. */
export async function* utf8Only(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  const check = (read: () => unknown): void => {
    try {
      read();
    } catch {
      throw new ProblemError('source-invalid', `what stands after line ${line - 1} ${NO_TEXT}`);
    }
  };
  for await (const chunk of content) {
    // By lines, so that a fault is found at its place. What a line's end cuts off would be no text either.
    for (let from = 0; from < chunk.byteLength;) {
      const end = chunk.indexOf(LINE_FEED, from);
      const to = end === -1 ? chunk.byteLength : end + 1;
      const piece = chunk.subarray(from, to);
      check(() => decoder.decode(piece, { stream: true }));
      if (end !== -1) line += 1;
      from = to;
    }
    yield chunk;
  }
  check(() => decoder.decode());
}
