import { type Bounds, isNear } from './near.ts';

/**
 * Whether two parsed JSON values are equal, numbers being equal when they are near. The order of keys is no matter.
 * Without recursion: how deep a result is nested is for a stranger to choose.
 */
export const sameJson = (a: unknown, b: unknown, bounds: Bounds): boolean => {
  const pairs: [unknown, unknown][] = [[a, b]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [left, right] = pair;
    if (typeof left === 'number' && typeof right === 'number') {
      if (!isNear(left, right, bounds)) return false;
    } else if (isObject(left) && isObject(right)) {
      // An array has its indices as keys; only the kind and the length tell it from an object with such keys.
      if (Array.isArray(left) !== Array.isArray(right)) return false;
      const keys = Object.keys(left);
      if (keys.length !== Object.keys(right).length) return false;
      for (const key of keys) {
        if (!Object.hasOwn(right, key)) return false;
        pairs.push([left[key], right[key]]);
      }
    } else if (left !== right) return false;
  }
  return true;
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
