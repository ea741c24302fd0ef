import { LIMITS } from '@gossamer/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteLines } from '../src/byte-lines.ts';

/** A stream that gives the bytes in pieces of so many. */
async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

/** The lines that come, and what is thrown after them. */
const linesOf = async (stream: AsyncIterable<Buffer>): Promise<{ lines: string[]; said: string | null }> => {
  const lines: string[] = [];
  try {
    for await (const some of byteLines(stream)) lines.push(...some);
    return { lines, said: null };
  } catch (error) {
    return { lines, said: (error as Error).message };
  }
};

describe('lines of bytes', () => {
  it('CL75: end with LF or CR LF and with nothing else, in whatever pieces they come', async () => {
    const line = fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\r\n]|^\uFEFF/g, ''));
    const some = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(some, line, fc.integer({ min: 1, max: 9 }), fc.boolean(), async (ended, last, size, marked) => {
        const text = ended.map(([content, end]) => content + end).join('') + last;
        const bytes = Buffer.from((marked ? '\uFEFF' : '') + text);
        const lines = [...ended.map(([content]) => content), ...(last === '' ? [] : [last])];
        const found = await linesOf(inPieces(bytes, size));
        // A mark alone is a line, and an empty one.
        expect(found).toEqual({ lines: lines.length === 0 && marked ? [''] : lines, said: null });
      }),
    );
    const kept = 'a\u2028b\u2029c\rd\u0085e\vf';
    expect(await linesOf(inPieces(Buffer.from(`${kept}\r\n\n\uFEFFx`), 4))).toEqual({
      lines: [kept, '', '\uFEFFx'],
      said: null,
    });
  });

  it('CL75: one that is no UTF-8 is told by its number, with its end and without', async () => {
    for (const size of [1, 4, 100]) {
      for (const end of ['\n', '']) {
        const bytes = Buffer.concat([Buffer.from('é\n\n'), Buffer.of(0xc3), Buffer.from(end)]);
        expect(await linesOf(inPieces(bytes, size))).toEqual({ lines: ['é', ''], said: 'line 3 is no text in UTF-8' });
      }
    }
  });

  it('CL75: one without an end is refused while it comes, and one of the length of a request is taken', async () => {
    let given = 0;
    const endless = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from('1\n');
      for (; ; given++) yield Buffer.alloc(65_536, 'x');
    };
    const { lines, said } = await linesOf(endless());
    expect([lines, said]).toEqual([['1'], expect.stringContaining('line 2 is too long')]);
    expect(given).toBe(LIMITS.body / 65_536);
    const longest = Buffer.alloc(LIMITS.body, 'x');
    expect((await linesOf(inPieces(Buffer.concat([longest, Buffer.from('\n')]), 100_000))).lines).toEqual([
      String(longest),
    ]);
    const longer = Buffer.concat([longest, Buffer.from('x\n')]);
    expect((await linesOf(inPieces(longer, longer.byteLength))).said).toContain('line 1 is too long');
  });
});
