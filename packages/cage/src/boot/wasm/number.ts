import { gridError } from './fault.ts';

/** The number that `name` has in a JSON object, or the number that `value` itself is where there is no name. */
export const numberIn = (value: unknown, name: string, call: string): number => {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const found: unknown =
    name === '' ? value : isObject && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  if (typeof found === 'number') return found;
  throw gridError(call, name === '' ? 'it is no number' : `there is no number named ${JSON.stringify(name)}`);
};
