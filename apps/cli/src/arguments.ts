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

export const json = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new InvalidArgumentError(`expected JSON: ${(error as Error).message}.`);
  }
};

/** `a..b` or `a..b..step`: from a up to, without, b. */
export const rangeText = (text: string): { start: number; stop: number; step: number } => {
  const parts = text.split('..');
  if (parts.length < 2 || parts.length > 3) throw new InvalidArgumentError('expected a..b or a..b..step.');
  const [start, stop, step = 1] = parts.map(integer);
  return { start: start!, stop: stop!, step };
};
