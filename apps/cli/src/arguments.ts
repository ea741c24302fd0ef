import { DataName } from '@gossamer/protocol';
import { InvalidArgumentError } from 'commander';

export const integer = (text: string): number => {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('expected an integer.');
  return value;
};

export const positive = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('expected a number above 0.');
  }
  return value;
};

/** One character between the values of a row; `tab`, and `\\t`, for what a shell hardly takes. */
export const delimiter = (text: string): string => {
  const character = text === 'tab' || text === '\\t' ? '\t' : text;
  if (/^[^\r\n"]$/.test(character)) return character;
  throw new InvalidArgumentError("expected one character, such as ';' or '|', or tab.");
};

/** Days, or `forever`: the parser of arguments takes null for nothing. */
export const keepDays = (text: string): number | 'forever' => {
  const value = Number(text);
  if (text === 'forever') return text;
  if (text.trim() === '' || !(value >= 0 && value <= 36_500)) {
    throw new InvalidArgumentError('expected a number of days, or forever.');
  }
  return value;
};

export const json = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new InvalidArgumentError(`expected JSON: ${(error as Error).message}.`);
  }
};

/** `name=file`, gathered over all times that the flag is given. */
export const dataText = (text: string, before: Record<string, string> = {}): Record<string, string> => {
  const [, name, from] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || from === undefined) throw new InvalidArgumentError('expected name=file.');
  const checked = DataName.safeParse(name);
  if (!checked.success) throw new InvalidArgumentError(`the name "${name}": ${checked.error.issues[0]!.message}.`);
  if (Object.hasOwn(before, name)) throw new InvalidArgumentError(`"${name}" is given twice.`);
  return { ...before, [name]: from };
};

export interface RangeOf {
  start: number;
  stop: number;
  step: number;
}

/** `a..b` or `a..b..step`: from a up to, without, b. */
export const rangeText = (text: string): RangeOf => {
  const parts = text.split('..');
  if (parts.length < 2 || parts.length > 3) throw new InvalidArgumentError('expected a..b or a..b..step.');
  const [start, stop, step = 1] = parts.map(integer);
  return { start: start!, stop: stop!, step };
};

/** The values of one parameter. */
export type Axis = RangeOf | unknown[];

const valueText = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

/** `name=1,2,3`, `name=a..b..step` or `name=[JSON]`, gathered over all times that the flag is given. */
export const axisText = (text: string, before: Record<string, Axis> = {}): Record<string, Axis> => {
  const [, name, values] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || values === undefined) throw new InvalidArgumentError('expected name=values.');
  if (name in before) throw new InvalidArgumentError(`"${name}" is given twice.`);
  const isRange = /^-?\d+\.\.-?\d+/.test(values);
  const list = values.startsWith('[') ? json(values) : values.split(',').map(valueText);
  return { ...before, [name]: isRange ? rangeText(values) : (list as unknown[]) };
};
