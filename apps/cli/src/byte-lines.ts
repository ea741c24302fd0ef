import { LIMITS } from '@gossamer/protocol';
import { errorOf } from '@gossamer/sdk/node';
import { isUtf8 } from 'node:buffer';

const LINE_FEED = 10;
/** The byte order mark that some editors begin a file of UTF-8 with; it is no part of the first line. */
const MARK = '\uFEFF';

const requireFits = (bytes: number, number: number): void => {
  // What is longer would fit no request.
  if (bytes <= LIMITS.body) return;
  throw errorOf('source-invalid', `line ${number} is too long: a line may have ${LIMITS.body} bytes at the most`);
};

/** Whole lines as texts, with their ends; those before the first that is none, and its place. */
const readable = (bytes: Buffer): { text: string; bad: number | null } => {
  if (isUtf8(bytes)) return { text: bytes.toString('utf8'), bad: null };
  let from = 0;
  for (let bad = 0; ; bad++) {
    const end = bytes.indexOf(LINE_FEED, from);
    const to = end === -1 ? bytes.byteLength : end + 1;
    if (!isUtf8(bytes.subarray(from, to))) return { text: bytes.toString('utf8', 0, from), bad };
    from = to;
  }
};

/**
 * The lines of a stream of UTF-8, without their ends (LF, or CR LF: what else a Unicode text may break a line at may stand in
 * a JSON string), as many at once as came at once. Throws `source-invalid`, after those before it, with the number of a line that is
 * no UTF-8, as another character in place of what cannot be read would change it without a word, or of one that is too long.
 */
export async function* byteLines(stream: AsyncIterable<Buffer>): AsyncGenerator<string[]> {
  let number = 0;
  let carried: Buffer[] = [];
  let size = 0;
  const take = function* (whole: Buffer): Generator<string[]> {
    const { text, bad } = readable(whole);
    const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
    // Behind the last end there is nothing.
    lines.pop();
    if (number === 0 && lines[0]?.startsWith(MARK)) lines[0] = lines[0].slice(MARK.length);
    number += lines.length;
    if (lines.length > 0) yield lines;
    if (bad !== null) throw errorOf('source-invalid', `line ${number + 1} is no text in UTF-8`);
  };
  for await (const chunk of stream) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      requireFits(size + chunk.indexOf(LINE_FEED), number + 1);
      yield* take(Buffer.concat([...carried, chunk.subarray(0, end)]));
      carried = [];
      size = 0;
    }
    carried.push(chunk.subarray(end));
    size += chunk.byteLength - end;
    requireFits(size, number + 1);
  }
  if (size > 0) yield* take(Buffer.concat([...carried, Buffer.of(LINE_FEED)]));
}
