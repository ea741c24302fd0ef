/** Numbers, times and counts as people read them. */
export const count = (value: number): string => value.toLocaleString('en');

export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** A number a second: two digits that mean something. */
export const rate = (perSecond: number): string => {
  if (perSecond === 0) return '0';
  if (perSecond < 0.01) return '<0.01';
  if (perSecond < 1) return perSecond.toFixed(2);
  return perSecond < 10 ? perSecond.toFixed(1) : count(Math.round(perSecond));
};

/** `part` of `whole`, rounded down, so that 100% means all. */
export const percent = (part: number, whole: number): string =>
  whole === 0 ? '0%' : `${Math.floor((100 * part) / whole)}%`;

/** A small part of 1 as a percentage with two digits that mean something: `0.5%`; never 0% for what is not 0. */
export const share = (part: number): string =>
  `${Number((100 * part).toPrecision(2)).toLocaleString('en', { maximumFractionDigits: 20 })}%`;

const two = (value: number): string => String(value).padStart(2, '0');

/** Time of day, `14:03:09`. */
export const clock = (at: number): string => {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
};

/** Day and time, `2026-03-01 14:03:09`. */
export const stamp = (at: number): string => {
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock(at)}`;
};

/** How long `ms` is, roughly: one unit. */
export const span = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  if (seconds < 1) return `${Math.max(0, Math.round(ms))} ms`;
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
};

export const ago = (at: number, now: number): string => (now - at < 5000 ? 'just now' : `${span(now - at)} ago`);

/** `a`, `a and b`, `a, b and c`. */
export const list = (items: readonly string[], last = 'and'): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`;

/** The end of a UUID: its random part tells two apart, its beginning is only the time. */
export const shortId = (id: string): string => `${id.slice(0, id.indexOf('_') + 1)}…${id.slice(-6)}`;

const BYTE_UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A number of bytes in the unit that fits it: `70.0 MiB`. */
export const bytes = (value: number): string => {
  const power = value < 1024 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log2(value) / 10));
  if (power === 0) return plural(value, 'byte');
  return `${(value / 1024 ** power).toFixed(1)} ${BYTE_UNITS[power]!}`;
};
