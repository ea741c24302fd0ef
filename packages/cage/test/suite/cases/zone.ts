import type { ProgramCase } from '../case.ts';
import { running } from '../case.ts';

const DAY = Date.UTC(2000, 0, 2);

/** Ways to a date whose instant would depend on where the device is, and that instant in UTC. */
const DATES: readonly (readonly [code: string, ms: number])[] = [
  ['new Date(2000, 0, 2)', DAY],
  ['new Date("2000-01-02T00:00")', DAY],
  ['new Date("2000-01-02 00:00")', DAY],
  ['new Date("01-02-2000")', DAY],
  ['new Date("Jan-02-2000")', DAY],
  ['new Date("2-Jan-2000")', DAY],
  ['new Date("2000-1-2")', DAY],
  ['new Date("1/2/2000 (GMT)")', DAY],
  ['Number.isNaN(Date.parse("Jan 2 2000 +0100"))', 1],
  ['new Date("Jan 2 2000 00:00 +0100")', DAY - 3_600_000],
  ['new Date("12000")', Date.UTC(12_000, 0, 1)],
  ['new Date(new String("2000-01-02T00:00"))', DAY],
  ['new Date(["2000-01-02T00:00"])', DAY],
  ['new Date({ toString: () => "2000-01-02T00:00", valueOf: null })', DAY],
  ['new Date({ [Symbol.toPrimitive]: () => "1/2/2000" })', DAY],
  ['Reflect.construct(Date, ["1/2/2000"], class extends Date {})', DAY],
  ['Date.parse("1/2/2000")', DAY],
  ['new (new Date().constructor)("1/2/2000")', DAY],
  ['new Date(0).setHours(1)', 3_600_000],
];

/** What a date tells of where the device is, and what it has to tell: nothing. */
const TELLS: readonly (readonly [code: string, value: unknown])[] = [
  ['new Date(Date.UTC(1999, 11, 31, 19)).getYear()', 99],
  ['new Date(0).getHours()', 0],
  ['new Date(0).getTimezoneOffset()', 0],
  ['new Date(0).toString()', 'Thu, 01 Jan 1970 00:00:00 GMT'],
  ['new Date(0).toLocaleString("de", { timeZone: "Asia/Tokyo" })', 'Thu, 01 Jan 1970 00:00:00 GMT'],
  ['new Date(0).toLocaleTimeString()', '00:00:00'],
  ['typeof Date.prototype.toTemporalInstant', 'undefined'],
  ['(255).toLocaleString("de-DE")', '255'],
  ['10n.toLocaleString("de-DE")', '10'],
  ['[1234.5].toLocaleString("de-DE")', '1234.5'],
  ['new Float64Array([1234.5]).toLocaleString("de-DE")', '1234.5'],
];

/** The browsers of the suite are elsewhere than in UTC (`requireReachable`). */
export const zone: ProgramCase[] = [
  {
    name: 'a time zone, by what dates are',
    family: 'ambient',
    program: running(`return [${DATES.map(([code]) => `+(${code})`).join(', ')}];`),
    expect: { value: DATES.map(([, ms]) => ms) },
  },
  {
    name: 'a time zone or a language, by what dates and numbers tell',
    family: 'ambient',
    program: running(`return [${TELLS.map(([code]) => code).join(', ')}];`),
    expect: { value: TELLS.map(([, value]) => value) },
  },
  {
    name: 'a time zone, by a pattern that is deceived',
    family: 'ambient',
    program: running(`
      RegExp.prototype.exec = () => ({}); RegExp.prototype.test = () => true;
      String.prototype.toLowerCase = () => 'gmt'; String.prototype.charCodeAt = () => 90; Math.floor = () => 0;
      return [Date.parse("1/2/2000"), +new Date("2000-01-02T00:00")];`),
    expect: { value: [DAY, DAY] },
  },
];
