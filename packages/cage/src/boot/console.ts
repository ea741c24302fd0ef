import { DOOR } from '../door/limits.ts';
import { jsonStringify, stringSlice, toText } from './primordials.ts';

const say = (value: unknown): string => {
  if (typeof value === 'string') return value;
  try {
    if (typeof value === 'object' && value !== null) {
      const stack = (value as { stack?: unknown }).stack;
      if (typeof stack === 'string') return stack;
      return jsonStringify(value) ?? 'an object';
    }
    return toText(value);
  } catch {
    return 'something that has no text';
  }
};

/** A `console` whose lines go to the log of the unit that runs. */
export const makeConsole = (log: (text: string) => void): object => {
  const print = (...values: unknown[]): void => {
    let line = '';
    for (let i = 0; i < values.length && line.length < DOOR.logChars; i++) {
      line += (i === 0 ? '' : ' ') + say(values[i]);
    }
    log(stringSlice(line, 0, DOOR.logChars));
  };
  const silent = (): void => {};
  return {
    log: print,
    info: print,
    warn: print,
    error: print,
    debug: print,
    trace: print,
    dir: print,
    table: print,
    assert: (holds: unknown, ...values: unknown[]): void => {
      if (!holds) print('assertion failed', values);
    },
    group: print,
    groupCollapsed: print,
    groupEnd: silent,
    count: silent,
    countReset: silent,
    time: silent,
    timeEnd: silent,
    timeLog: silent,
    clear: silent,
  };
};
