import type { SourceInput } from '@gossamer/protocol';
import { LIMITS, Sha256 } from '@gossamer/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openLines } from '../../src/sources/line-source.ts';
import { TestSources } from '../harness/sources.ts';

const { put, open, inputs } = new TestSources();
const never = (): never => {
  throw new Error('nothing is read');
};
const lines = async (text: string | Buffer, format: 'ndjson' | 'text', chunk?: number) =>
  inputs({ kind: 'lines', blob: await put(text, chunk), format });

test('SO1: a range counts from start to before stop, up or down', async () => {
  expect(await inputs({ kind: 'range', start: 2, stop: 5 })).toEqual([2, 3, 4]);
  expect(await inputs({ kind: 'range', start: 0, stop: 10, step: 4 })).toEqual([0, 4, 8]);
  expect(await inputs({ kind: 'range', start: 0, stop: 8, step: 4 })).toEqual([0, 4]);
  expect(await inputs({ kind: 'range', start: 3, stop: -3, step: -2 })).toEqual([3, 1, -1]);
  expect(await inputs({ kind: 'range', start: -1, stop: 0 })).toEqual([-1]);
  const top = Number.MAX_SAFE_INTEGER;
  expect(await inputs({ kind: 'range', start: top - 2, stop: top })).toEqual([top - 2, top - 1]);
});

test('SO2: a range of a billion units is opened at once and yields any of them', async () => {
  const { total, input } = await open({ kind: 'range', start: 0, stop: 1e9 });
  expect(total).toBe(1e9);
  expect(Buffer.from(((await input(999_999_999)) as { body: Uint8Array }).body).toString()).toBe('999999999');
});

test('SO3: a source without units, and one with more than an index can name, is refused by its own code', async () => {
  const refused = (source: SourceInput, code: string) => expect(open(source)).rejects.toMatchObject({ code });
  await refused({ kind: 'range', start: 0, stop: 0 }, 'source-empty');
  await refused({ kind: 'range', start: 0, stop: 5, step: -1 }, 'source-empty');
  await refused({ kind: 'list', items: [] }, 'source-empty');
  await refused({ kind: 'lines', blob: await put(''), format: 'text' }, 'source-empty');
  await refused({ kind: 'lines', blob: await put('\n \r\n\t\n'), format: 'ndjson' }, 'source-empty');
  await refused({ kind: 'records', blob: await put(''), bytes: 4 }, 'source-empty');
  await refused({ kind: 'records', blob: await put('four'), bytes: 4, offset: 4 }, 'source-empty');
  await refused({ kind: 'records', blob: await put('four'), bytes: 4, offset: 400 }, 'source-empty');
  await refused({ kind: 'range', start: 0, stop: LIMITS.units + 1 }, 'source-too-large');
  const nothing = Sha256.parse('0'.repeat(64));
  await refused({ kind: 'lines', blob: nothing, format: 'text' }, 'blob-unknown');
  await refused({ kind: 'records', blob: nothing, bytes: 1 }, 'blob-unknown');
  await refused({ kind: 'bands', blob: nothing, rows: 1, columns: 1, cellBytes: 1, width: 1 }, 'blob-unknown');
});

test('SO4: a list gives its items as they are; one that is too long for an exchange is named', async () => {
  const items = [1, 'two', null, { three: [3] }, '\u{1F600}'];
  expect(await inputs({ kind: 'list', items })).toEqual(items);
  const long = 'x'.repeat(LIMITS.inlineInput);
  await expect(open({ kind: 'list', items: [1, long] })).rejects.toMatchObject({
    code: 'source-invalid',
    message: expect.stringContaining('item 1 has 65538 bytes'),
  });
});

test('SO5: lines may end in any way, and blank ones count not', async () => {
  for (const chunk of [1, 3, 1000]) {
    expect(await lines('1\n2\n3\n', 'ndjson', chunk)).toEqual([1, 2, 3]);
    expect(await lines('1\r\n\r\n{"a": "b"}\r\n', 'ndjson', chunk)).toEqual([1, { a: 'b' }]);
    expect(await lines('\n\nx y\r\n  \n z', 'text', chunk)).toEqual(['x y', ' z']);
    expect(await lines('schön\n\u{1F600}', 'text', chunk)).toEqual(['schön', '\u{1F600}']);
  }
});

test('SO6: a line that is no JSON is named by its number in the file, blank lines counted', async () => {
  const refused = async (text: string, says: string) =>
    expect(lines(text, 'ndjson')).rejects.toMatchObject({
      code: 'source-invalid',
      message: expect.stringContaining(says),
    });
  await refused('1\n\n{]\n4', 'line 3 is no JSON');
  await refused('no', 'line 1 is no JSON');
  await refused('1\n2\n3 4', 'line 3 is no JSON');
  await refused('1\n{"a":', 'line 2 is no JSON: Unexpected end of JSON input; mend it, or read the lines as text');
});

test('SO30: a byte order mark is no part of the first line', async () => {
  expect(await lines('\uFEFF1\n2\n', 'ndjson')).toEqual([1, 2]);
  expect(await lines('\uFEFFa\n\uFEFFb', 'text', 1)).toEqual(['a', '\uFEFFb']);
  expect(await lines('\uFEFF\nb', 'text')).toEqual(['b']);
});

test('SO29: a line that is no UTF-8 is named, and none of its characters is made up', async () => {
  for (const format of ['text', 'ndjson'] as const) {
    for (const chunk of [1, 1000]) {
      const read = lines(Buffer.from('"caf\xe9"\n"ok"\n', 'latin1'), format, chunk);
      await expect(read).rejects.toMatchObject({
        code: 'source-invalid',
        message: expect.stringMatching(/: line 1 is no text in UTF-8: convert the file/),
      });
    }
    const whole = Buffer.concat([Buffer.from('"ok ä"\n\n'), Buffer.from('"caf\xe9"\n"ok"\n', 'latin1')]);
    await expect(lines(whole, format)).rejects.toMatchObject({ message: expect.stringContaining('line 3 is no text') });
  }
});

test('SO7: a line that is too long is named before the whole of it is read', async () => {
  const chunk = 10_000;
  let read = 0;
  const endless = async function* () {
    yield Buffer.from('short\n');
    for (;;) {
      read += chunk;
      yield Buffer.alloc(chunk, 'x');
    }
  };
  await expect(openLines('text', endless(), never)).rejects.toMatchObject({
    code: 'source-invalid',
    message: expect.stringContaining('line 2 has'),
  });
  expect(read).toBeLessThan(2 * LIMITS.inlineInput);
});

test('SO8: lines are the ones of a naive split', async () => {
  const line = fc.string({ unit: fc.constantFrom('a', '"', '\\', ' ', '\r', 'ö', '\u{1F600}', '\t'), maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 9 }),
      async (all, chunk) => {
        const expected = all.filter((text) => text.trim() !== '').map((text) => text.replace(/\r$/, ''));
        fc.pre(expected.length > 0);
        expect(await lines(all.join('\n'), 'text', chunk)).toEqual(expected);
      },
    ),
  );
});

test('SO9: the largest input is what travels: text is longer as JSON than it was in the file', async () => {
  const blob = await put(`${'"'.repeat(100)}\n${'x'.repeat(120)}\n`);
  const { total, inlineBytes, input } = await open({ kind: 'lines', blob, format: 'text' });
  const sizes = [];
  for (let index = 0; index < total; index++)
    sizes.push(((await input(index)) as { body: Uint8Array }).body.byteLength);
  expect(inlineBytes).toBe(Math.max(...sizes));
});
