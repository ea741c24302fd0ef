import { unreachable } from './transport.ts';

/**
 * The lines of a stream of UTF-8 text, without their ends, as many at once as came at once: a step of a generator costs
 * more than a short line. What follows the last line end counts only if the stream
 * ended in order; where the connection breaks, the rest may be half a line and is dropped, and `unreachable` thrown.
 */
export async function* textLines(response: Response, signal?: AbortSignal): AsyncGenerator<string[]> {
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      let chunk: ReadableStreamReadResult<Uint8Array>;
      try {
        chunk = await reader.read();
      } catch (cause) {
        signal?.throwIfAborted();
        throw unreachable(response.url, cause);
      }
      rest += chunk.done ? decoder.decode() : decoder.decode(chunk.value, { stream: true });
      const lines = rest.split('\n');
      rest = lines.pop()!;
      if (lines.length > 0) yield lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
      if (chunk.done) break;
    }
    if (rest !== '') yield [rest];
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
