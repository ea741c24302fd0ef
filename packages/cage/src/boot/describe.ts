import { DOOR } from '../door/limits.ts';
import { stringSlice, toText } from './primordials.ts';

/** What is said of something thrown. */
export interface Described {
  message: string;
  stack: string;
}

const read = (thrown: object, key: string): string => {
  const value: unknown = (thrown as Record<string, unknown>)[key];
  return typeof value === 'string' ? value : '';
};

/** Says in words what a program threw. Never throws: anything can be thrown, with any getter. */
export const describe = (thrown: unknown): Described => {
  let message = '';
  let stack = '';
  try {
    if (thrown !== null && (typeof thrown === 'object' || typeof thrown === 'function')) {
      const name = read(thrown, 'name');
      const text = read(thrown, 'message');
      message = name === '' || text === '' ? name + text : name + ': ' + text;
      stack = read(thrown, 'stack');
    } else {
      message = toText(thrown);
    }
  } catch {
    // What was read before the getter threw is what there is to say.
  }
  if (message === '') message = 'something was thrown that has no message';
  return { message: stringSlice(message, 0, DOOR.messageChars), stack: stringSlice(stack, 0, DOOR.stackChars) };
};
