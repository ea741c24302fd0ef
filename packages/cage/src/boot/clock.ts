import { apply, construct, NativeDate, uncurry } from './primordials.ts';

/** The instant at which every program runs: 2000-01-01T00:00:00Z, ms since the epoch. */
export const INSTANT = 946_684_800_000;

const FIELDS = ['FullYear', 'Month', 'Date', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'] as const;
const ZONE = /(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})\s*(?:\([^)]*\))?$/i;
const ISO_DATE = /^[+-]?\d{4,6}(?:-\d{2}){0,2}$/;

const isoOf = uncurry(Date.prototype.toISOString);
const utcOf = uncurry(Date.prototype.toUTCString);
const timeOf = uncurry(Date.prototype.getTime);
const parseNative = Date.parse;
const utc = Date.UTC;
const testZone = RegExp.prototype.test.bind(ZONE);
const testDate = RegExp.prototype.test.bind(ISO_DATE);
const hasT = RegExp.prototype.test.bind(/^[+-]?\d{4,6}-\d{2}-\d{2}T/i);

/** A text without a zone is read as UTC, where a browser would take the volunteer's. */
const parse = (text: unknown): number => {
  const words = `${text as string}`;
  if (testZone(words) || testDate(words)) return parseNative(words);
  return parseNative(hasT(words) ? words + 'Z' : words + ' UTC');
};

/** A `Date` that stands still at `INSTANT` and knows no time zone but UTC. */
export const frozenDate = (): DateConstructor => {
  const proto = NativeDate.prototype as unknown as Record<string, unknown>;
  const put = (target: object, name: string, value: unknown): void => {
    Object.defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
  };
  for (const field of [...FIELDS, 'Day']) put(proto, `get${field}`, proto[`getUTC${field}`]);
  for (const field of FIELDS) put(proto, `set${field}`, proto[`setUTC${field}`]);
  put(proto, 'getTimezoneOffset', () => 0);
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
    if (args.length === 1) time = typeof args[0] === 'string' ? parse(args[0]) : args[0];
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
