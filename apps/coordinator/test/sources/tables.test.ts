import type { SourceInput } from '@gossamer/protocol';
import { LIMITS } from '@gossamer/protocol';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TestSources } from '../harness/sources.ts';

const { put, open, inputs } = new TestSources();

const csv = async (text: string | Buffer, options: object = {}, chunk?: number) =>
  inputs({ kind: 'csv', blob: await put(text, chunk), ...options });

const refused = (text: string, says: string, options: object = {}) =>
  expect(csv(text, options), text).rejects.toMatchObject({
    code: 'source-invalid',
    message: expect.stringContaining(says),
  });

describe('tables of comma-separated values', () => {
  test('SO10: a row is an object by the names of the first one, or an array', async () => {
    for (const chunk of [1, 3, 1000]) {
      const text = '\uFEFFname,x\r\nAda,1\r\n\r\n"Größe, ""quoted""\nin two lines",2\n😀,';
      expect(await csv(text, {}, chunk)).toEqual([
        { name: 'Ada', x: 1 },
        { name: 'Größe, "quoted"\nin two lines', x: 2 },
        { name: '😀', x: '' },
      ]);
      expect(await csv('1,2\n3,x', { header: false }, chunk)).toEqual([
        [1, 2],
        [3, 'x'],
      ]);
    }
    expect(await csv('a;b\n1,5;2', { delimiter: ';' })).toEqual([{ a: '1,5', b: 2 }]);
    expect(await csv('a\tb\n1\t2', { delimiter: '\t' })).toEqual([{ a: 1, b: 2 }]);
    expect(await csv('__proto__,b\n1,2')).toEqual([JSON.parse('{"__proto__": 1, "b": 2}')]);
  });

  test('SO11: what JSON would write as a number is one, and nothing else', async () => {
    const fields = ['1', '-1.50', '1e3', '007', '+1', '.5', '1.', ' 1', 'NaN', '0x1', '1e999', '9007199254740993', ''];
    expect(await csv(fields.join(), { header: false })).toEqual([
      [1, -1.5, 1000, '007', '+1', '.5', '1.', ' 1', 'NaN', '0x1', '1e999', '9007199254740993', ''],
    ]);
    expect(await csv('1,2', { header: false, numbers: false })).toEqual([['1', '2']]);
  });

  test('SO12: a table that is none is refused with the line and what is wrong there', async () => {
    await refused(
      'a,b\n1,2\n3\n',
      'line 3 has 1 field, and the first row 2: mend the row, or put quotes around a value',
    );
    await refused('a,b\n1,2\n3,4,5\n', 'line 3 has 3 fields');
    await refused('a,b\n1,2"\n', 'line 2: a quote stands within a value');
    await refused('a,b\n"1"x,2\n', 'line 2: a quote stands within a value');
    await refused('a,b\n1,"2\n', 'a quote is open at the end');
    await refused('a,b\n1,2\n"3,4\n5,6\n', 'a quote is open at the end, line 4: row 3 opened it');
    await refused('a,,b\n1,2,3\n', 'the first row names no column 2: give each column a name of its own');
    await refused('a,b,a\n1,2,3\n', 'the name “a” twice');
    await refused(`a\n1\n${'x'.repeat(LIMITS.inlineInput + 2)}`, 'the row at line 3 is longer than 65536 bytes');
    await refused(`${'n'.repeat(60_000)}\n${'x'.repeat(6000)}\n`, 'has 66007 bytes as JSON');
    await expect(csv('a,b\n')).rejects.toMatchObject({ code: 'source-empty' });
    await expect(csv('')).rejects.toMatchObject({ code: 'source-empty' });
  });

  test('IT16: a table of one column whose name has a delimiter in it makes no job, and is told which one to say', async () => {
    const doubt = async (text: string, options: object = {}) =>
      (await open({ kind: 'csv', blob: await put(text), ...options })).doubt ?? null;
    expect(await doubt('a;b;c\n1;2;3\n')).toBe(
      "the first row is one column named “a;b;c”: is the delimiter another one? Say it (--delimiter ';'; " +
        'delimiter: ";"), or put quotes around the name where it is one',
    );
    expect(await doubt('a\tb\n1\t2\n')).toMatch(/“a\\tb”.*--delimiter tab; delimiter: "\\t"/);
    expect(await doubt('a|b\n1|2\n')).toMatch(/--delimiter '\|'/);
    expect(await doubt('\uFEFF\r\na,b\n1,2\n', { delimiter: '\t' })).toMatch(/“a,b”.*--delimiter ','/);
    await refused('a;b\n1,5;2\n', 'is the delimiter another one?');
    for (const meant of ['a;b,c\n1,2\n', '"a;b"\n1\n', 'a b\n1\n', 'a\n1;2\n']) expect(await doubt(meant)).toBe(null);
    expect(await doubt('a;b\n1;2\n', { delimiter: ';' })).toBe(null);
    expect(await doubt('a;b\n1;2\n', { header: false })).toBe(null);
  });

  test('IT17: a source without units is told why it has none', async () => {
    const empty = (source: object, says: string) =>
      expect(open(source as SourceInput)).rejects.toMatchObject({
        code: 'source-empty',
        message: expect.stringContaining(says),
      });
    await empty({ kind: 'csv', blob: await put('a,b\n') }, 'only a header row; each row after it is an input');
    await empty({ kind: 'csv', blob: await put('') }, 'the table is empty');
    await empty({ kind: 'csv', blob: await put(''), header: false }, 'the table is empty');
    await empty({ kind: 'lines', format: 'text', blob: await put('') }, 'it is empty; each line is an input');
    await empty({ kind: 'lines', format: 'ndjson', blob: await put('\n \n') }, 'nothing but blank lines');
    await empty({ kind: 'records', bytes: 4, blob: await put('') }, 'it is empty; a record is an input');
    await empty(
      { kind: 'records', bytes: 4, offset: 9, blob: await put('four') },
      'it has 4 bytes, and the first record begins at byte 9',
    );
  });

  test('SO29: a table that is no UTF-8 is refused, with the place, and none of its characters is made up', async () => {
    const table = Buffer.concat([Buffer.from('a,b\nä,ö\n'), Buffer.from('caf\xe9,1\n2,3\n', 'latin1')]);
    for (const chunk of [1, 7, 1000]) {
      await expect(csv(table, {}, chunk)).rejects.toMatchObject({
        code: 'source-invalid',
        message: expect.stringContaining('what stands after line 2 is no text in UTF-8: convert the file'),
      });
      await expect(csv(Buffer.from('a\n\xc3', 'latin1'), {}, chunk)).rejects.toMatchObject({ code: 'source-invalid' });
      expect(await csv('a,b\nä,😀\n', {}, chunk)).toEqual([{ a: 'ä', b: '😀' }]);
    }
  });

  test('SO13: rows are the ones that were written, however they are quoted and arrive', async () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', 'ö', '😀'), maxLength: 5 });
    const row = fc.array(field, { minLength: 2, maxLength: 2 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 9 }),
        async (rows, n) => {
          const text = stringify(rows, { quoted: true });
          expect(await csv(text, { header: false, numbers: false }, n)).toEqual(rows);
        },
      ),
    );
  });

  test('SO9: the largest input is what travels', async () => {
    const { inlineBytes } = await open({ kind: 'csv', blob: await put('name\n"x"\n"""yy"""\n') });
    expect(inlineBytes).toBe('{"name":"\\"yy\\""}'.length);
  });
});

describe('products', () => {
  const product = (axes: object): SourceInput => ({ kind: 'product', axes }) as SourceInput;

  test('SO14: every combination comes once, the last parameter changing fastest', async () => {
    const axes = { mode: ['a', null, { deep: [1] }], n: { start: 4, stop: 0, step: -2 }, 'sch"ön': [true] };
    const all = [];
    for (const mode of axes.mode) for (const n of [4, 2]) all.push({ mode, n, 'sch"ön': true });
    expect(await inputs(product(axes))).toEqual(all);
  });

  test('SO14: billions are opened at once, and any of them is made when it is asked for', async () => {
    const axes = { a: { start: 0, stop: 1000 }, b: { start: 0, stop: 1000 }, c: { start: 0, stop: 4000 } };
    const { total, input, inlineBytes } = await open(product(axes));
    expect(total).toBe(4e9);
    const last = (await input(total - 1)) as { body: Uint8Array };
    expect(Buffer.from(last.body).toString()).toBe('{"a":999,"b":999,"c":3999}');
    expect(inlineBytes).toBe(last.body.byteLength);
  });

  test('SO15: too many combinations, a parameter without a value, and inputs that are too long are refused', async () => {
    const wide = { start: 0, stop: 100_000 };
    await expect(open(product({ a: wide, b: wide }))).rejects.toMatchObject({ code: 'source-too-large' });
    await expect(open(product({ a: [1], b: { start: 3, stop: 3 } }))).rejects.toMatchObject({
      code: 'source-empty',
      message: expect.stringContaining('“b” has no value'),
    });
    await expect(open(product({ a: ['x'.repeat(LIMITS.inlineInput)] }))).rejects.toMatchObject({
      code: 'source-invalid',
    });
  });
});
