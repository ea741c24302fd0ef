import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readIso } from '../../src/boot/date/iso.ts';
import { readWords } from '../../src/boot/date/words.ts';

/** What V8 reads, in a zone. */
const native = (texts: readonly string[], zone: string): (number | null)[] => {
  const script = `process.stdin.setEncoding('utf8'); let all = ''; process.stdin.on('data', (part) => { all += part; })
    .on('end', () => console.log(JSON.stringify(JSON.parse(all).map((text) => Date.parse(text)))));`;
  const input = JSON.stringify(texts);
  const options = { input, env: { ...process.env, TZ: zone }, encoding: 'utf8' as const, maxBuffer: 1 << 26 };
  return JSON.parse(execFileSync(process.execPath, ['-e', script], options)) as (number | null)[];
};

const ours = (text: string): number | null => {
  const at = readIso(text) ?? readWords(text);
  return Number.isNaN(at) ? null : at;
};

const two = (value: number): string => String(value).padStart(2, '0');
const pick = (...texts: string[]) => fc.constantFrom(...texts);
const upTo = (max: number) => fc.integer({ min: 0, max });
const number = fc.oneof({ arbitrary: upTo(32), weight: 3 }, upTo(13_000)).map(String);
const [ofMonth, ofHour, ofMinute] = [upTo(32).map(two), upTo(25).map(two), upTo(61).map(two)];
const ofYear = upTo(13).map(two);
// A text of a year that could be a day, and of no date, V8 reads as words.
const year = fc.oneof(
  fc.integer({ min: 32, max: 9999 }).map((value) => String(value).padStart(4, '0')),
  fc
    .tuple(pick('+', '-'), fc.integer({ min: 32, max: 280_000 }))
    .map(([sign, value]) => sign + String(value).padStart(6, '0')),
);
const joined = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((texts) => texts.join(''));
const maybe = (...parts: fc.Arbitrary<string>[]) => fc.oneof(fc.constant(''), joined(...parts));

const isoDate = joined(year, maybe(pick('-'), ofYear, maybe(pick('-'), ofMonth)));
const offset = joined(pick('+', '-'), ofHour, pick(':', ''), ofMinute);
const isoTime = joined(
  pick('T', 't'),
  ofHour,
  pick(':'),
  ofMinute,
  maybe(pick(':'), ofMinute, maybe(pick('.'), fc.nat({ max: 1_000_000 }).map(String))),
  fc.oneof(pick('', 'Z', 'z'), offset),
);
const month = pick('Jan', 'feb', 'MARCH', 'Apr.', 'May', 'June', 'july', 'Aug', 'Sept', 'Oct', 'November', 'Dec');
const gap = pick(' ', '-', '/', ', ', '.', '  ');
const date = fc.oneof(
  joined(upTo(12).map(String), gap, number, gap, number),
  joined(number, gap, number),
  number,
  joined(month, gap, number, gap, number),
  joined(number, gap, month, gap, number),
  joined(month, gap, number),
);
// A minute or second that is none V8 takes for a day or a year.
const whole = upTo(59).map(two);
const time = joined(
  pick(' ', ' , '),
  upTo(25).map(String),
  pick(':'),
  whole,
  maybe(pick(':'), whole, maybe(pick('.'), fc.nat({ max: 99_999 }).map(String))),
  pick('', '', ' AM', ' pm'),
);
const zone = pick(
  '',
  '',
  'Z',
  ' UTC',
  ' GMT',
  ' gmt+2',
  ' GMT-0330',
  ' +0100',
  ' -08:00',
  ' +1',
  ' EST',
  ' pdt',
  ' UTC (so)',
);
const words = joined(
  pick('', '', 'Sat ', 'Sat, ', 'on '),
  date,
  fc.oneof(fc.constant(''), time),
  zone,
  pick('', ' (a (b) c)'),
);

const sample = <T>(texts: fc.Arbitrary<T>): T[] => fc.sample(texts, { numRuns: 4000, seed: 20_001 });

test.each([
  ['of the date time string format', joined(isoDate, maybe(isoTime))],
  ['in words and numbers', words],
] as const)('CG72: a text %s is the date that V8 reads in UTC', (_, arbitrary) => {
  const texts = sample(arbitrary);
  const expected = native(texts, 'UTC');
  const elsewhere = native(texts, 'Pacific/Auckland');
  // The texts that V8 reads in its user's zone are among them, and those that are none.
  expect(expected.filter((at, n) => at !== elsewhere[n]).length).toBeGreaterThan(200);
  expect(expected.filter((at) => at !== null).length).toBeGreaterThan(1000);
  expect(expected.filter((at) => at === null).length).toBeGreaterThan(200);
  const differing = texts.flatMap((text, n) => (ours(text) === expected[n] ? [] : [[text, ours(text), expected[n]]]));
  expect(differing).toEqual([]);
});

test('CG72: a month, minute or second that is none makes no date, though V8 takes it for another number', () => {
  for (const text of ['0005-13', '0007-13-08', 'Nov 4 2000 4:26:61', 'Nov 4 4:61', '-000000-01-01']) {
    expect([text, ours(text)]).toEqual([text, null]);
  }
  expect(ours('Jan 2 2000 5:30PM')).toBe(Date.UTC(2000, 0, 2, 17, 30));
});

test('CG72: any text is a date or none, and ends', () => {
  const pieces = fc.array(
    pick('1', '31', '2000', ' ', ':', '.', '-', '+', '(', ')', 'T', 'Z', 'Jan', 'pm', 'UTC', 'x', 'é', ','),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        pieces.map((texts) => texts.join('')),
        fc.string({ unit: 'binary' }),
      ),
      (text) => {
        const at = ours(text);
        expect(at === null || (Number.isInteger(at) && Math.abs(at) <= 8.64e15)).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});
