import { readIso } from './date/iso.ts';
import { readWords } from './date/words.ts';
import { apply, construct, deleteProperty, NativeDate, NativeTypeError, ownKeys, uncurry } from './primordials.ts';

/** The instant at which every program runs: 2000-01-01T00:00:00Z, ms since the epoch. */
export const INSTANT = 946_684_800_000;

const FIELDS = ['FullYear', 'Month', 'Date', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'] as const;

/** What a `Date` has: what a browser adds, as the way to Temporal, may know the volunteer's zone and language. */
const METHODS = new Set<PropertyKey>([
  ...['constructor', 'getDay', 'getUTCDay', 'getTime', 'setTime', 'getTimezoneOffset', 'getYear', 'setYear', 'valueOf'],
  ...['toString', 'toDateString', 'toTimeString', 'toISOString', 'toUTCString', 'toGMTString', 'toJSON'],
  ...['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString', Symbol.toPrimitive],
  ...FIELDS.flatMap((field) => [`get${field}`, `set${field}`, `getUTC${field}`, `setUTC${field}`]),
]);

const isoOf = uncurry(Date.prototype.toISOString);
const utcOf = uncurry(Date.prototype.toUTCString);
const timeOf = uncurry(Date.prototype.getTime);
const yearOf = uncurry(Date.prototype.getUTCFullYear);
const monthOf = uncurry(Date.prototype.getUTCMonth);
const dayOf = uncurry(Date.prototype.getUTCDate);
const setTime = uncurry(Date.prototype.setTime);
const setYear = uncurry(Date.prototype.setUTCFullYear) as (
  self: Date,
  year: number,
  month: number,
  day: number,
) => number;
const asPrimitive = uncurry(Date.prototype[Symbol.toPrimitive]);
const toPrimitive: typeof Symbol.toPrimitive = Symbol.toPrimitive;
const utc = Date.UTC;
const { trunc } = Math;

/** A text without a zone is read as UTC, where a browser would take the volunteer's. */
const parse = (text: unknown): number => {
  const words = `${text as string}`;
  return readIso(words) ?? readWords(words);
};

const isDate = (value: unknown): value is Date => {
  try {
    timeOf(value);
    return true;
  } catch {
    return false;
  }
};

/** Of an object what `+` would take of it: the native `Date` would do so itself, and read a text in the volunteer's zone. */
const primitiveOf = (value: unknown): unknown => {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return value;
  const convert = (value as { [Symbol.toPrimitive]?: unknown })[toPrimitive];
  if (convert === undefined || convert === null) return asPrimitive(value, 'number');
  const primitive: unknown = apply(convert as never, value, ['default']);
  if ((typeof primitive === 'object' && primitive !== null) || typeof primitive === 'function') {
    throw new NativeTypeError('Cannot convert object to primitive value');
  }
  return primitive;
};

/** The instant of what a `Date` is made of, as far as it is a text; anything else the native one turns into a number. */
const instantOf = (value: unknown): unknown => {
  if (isDate(value)) return timeOf(value);
  const primitive = primitiveOf(value);
  return typeof primitive === 'string' ? parse(primitive) : primitive;
};

/** ECMA-262, B.2.3.2, in UTC: a year from 0 to 99 is one of the last century. */
const putYear = (self: Date, year: number): number => {
  if (timeOf(self) !== timeOf(self)) setTime(self, 0);
  if (year !== year) return setTime(self, NaN);
  const whole = trunc(year);
  return setYear(self, whole >= 0 && whole <= 99 ? whole + 1900 : whole, monthOf(self), dayOf(self));
};

/** A `Date` that stands still at `INSTANT` and knows no time zone but UTC. */
export const frozenDate = (): DateConstructor => {
  const proto = NativeDate.prototype as unknown as Record<string, unknown>;
  const put = (target: object, name: string, value: unknown): void => {
    Object.defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
  };
  for (const key of ownKeys(proto)) if (!METHODS.has(key)) deleteProperty(proto, key);
  for (const field of [...FIELDS, 'Day']) put(proto, `get${field}`, proto[`getUTC${field}`]);
  for (const field of FIELDS) put(proto, `set${field}`, proto[`setUTC${field}`]);
  put(proto, 'getTimezoneOffset', () => 0);
  put(proto, 'getYear', function getYear(this: Date) {
    return yearOf(this) - 1900;
  });
  put(proto, 'setYear', function setYear(this: Date, year: unknown) {
    return putYear(this, +(year as number));
  });
  const text = (self: Date, from: number, to: number): string => {
    const time = timeOf(self);
    if (time !== time) return 'Invalid Date';
    const iso = isoOf(self);
    return to === 0 ? utcOf(self) : slice(iso, from, to);
  };
  const slice = (iso: string, from: number, to: number): string => {
    // A year outside 0 to 9999 has six digits and a sign.
    const shift = iso.length - 24;
    let out = '';
    for (let i = from === 0 ? 0 : from + shift; i < to + shift; i++) out += iso[i];
    return out;
  };
  put(proto, 'toString', function toString(this: Date) {
    return text(this, 0, 0);
  });
  put(proto, 'toLocaleString', function toLocaleString(this: Date) {
    return text(this, 0, 0);
  });
  for (const name of ['toDateString', 'toLocaleDateString'])
    put(proto, name, function (this: Date) {
      return text(this, 0, 10);
    });
  for (const name of ['toTimeString', 'toLocaleTimeString'])
    put(proto, name, function (this: Date) {
      return text(this, 11, 19);
    });

  const standing = utcOf(new NativeDate(INSTANT));
  const Frozen = function Date(...args: unknown[]): unknown {
    if (new.target === undefined) return standing;
    let time: unknown = INSTANT;
    if (args.length === 1) time = instantOf(args[0]);
    else if (args.length > 1) time = apply(utc, undefined, args as never);
    return construct(NativeDate, [time], new.target);
  };
  put(Frozen, 'now', () => INSTANT);
  put(Frozen, 'parse', parse);
  put(Frozen, 'UTC', utc);
  Object.defineProperty(Frozen, 'prototype', { value: proto, writable: false, enumerable: false, configurable: false });
  put(proto, 'constructor', Frozen);
  return Frozen as unknown as DateConstructor;
};

/** A `performance` that stands still. */
export const frozenPerformance = (): object => ({
  timeOrigin: INSTANT,
  now: (): number => 0,
  mark: (): void => {},
  measure: (): void => {},
});
