import { stringSlice, uncurry } from '../primordials.ts';

const lowerCase = uncurry(String.prototype.toLowerCase);

/** What a word stands for: a month from 1 on, the first hour of a half of the day, or hours east of UTC. */
interface Word {
  readonly kind: 'month' | 'half' | 'zone';
  readonly value: number;
}

/** Without a prototype, so that nothing is found there which was not put there. */
const WORDS = Object.assign(Object.create(null) as Record<string, Word | undefined>, {
  am: { kind: 'half', value: 0 },
  pm: { kind: 'half', value: 12 },
  ut: { kind: 'zone', value: 0 },
  utc: { kind: 'zone', value: 0 },
  gmt: { kind: 'zone', value: 0 },
  z: { kind: 'zone', value: 0 },
  est: { kind: 'zone', value: -5 },
  edt: { kind: 'zone', value: -4 },
  cst: { kind: 'zone', value: -6 },
  cdt: { kind: 'zone', value: -5 },
  mst: { kind: 'zone', value: -7 },
  mdt: { kind: 'zone', value: -6 },
  pst: { kind: 'zone', value: -8 },
  pdt: { kind: 'zone', value: -7 },
});
const MONTHS = Object.create(null) as Record<string, number | undefined>;
['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'].forEach((name, at) => {
  MONTHS[name] = at + 1;
});

export const wordOf = (text: string): Word | undefined => {
  const word = lowerCase(text);
  const month = MONTHS[stringSlice(word, 0, 3)];
  return month === undefined ? WORDS[word] : { kind: 'month', value: month };
};
