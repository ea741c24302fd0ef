import { freeze } from './primordials.ts';

const iterator: typeof Symbol.iterator = Symbol.iterator;

/**
 * A list of transfers that holds one buffer. Browsers read it by its own members alone, while an array would be read
 * through `Array.prototype`, which a program may have patched.
 */
export const handingOver = (buffer: ArrayBuffer): Transferable[] => {
  let done = false;
  const next = (): unknown => {
    const value = done ? undefined : buffer;
    const result = { __proto__: null, done, value };
    done = true;
    return result;
  };
  return freeze({ __proto__: null, [iterator]: () => freeze({ __proto__: null, next }) }) as unknown as Transferable[];
};
