import { GossamerError } from './error.ts';
import { errorOf } from './error-kinds.ts';

/**
 * JSON text of a value, or an error `source-invalid` that says what in it cannot travel. `JSON.stringify` alone would
 * silently turn NaN and undefined in a list into null, a Map or typed array into an object, a Date into text, and drop
 * functions. A member that is undefined is none.
 */
export const jsonText = (value: unknown, what: string): string => {
  let text: string | undefined;
  try {
    text = JSON.stringify(value, function (this: Record<string, unknown>, key: string, given: unknown) {
      // What is given went through its `toJSON`, if it has one, and shows no more what it was.
      const whole = this[key];
      const fault = whole === undefined && Array.isArray(this) ? 'undefined' : faultOf(whole);
      if (fault === null) return given;
      throw refusal(key === '' ? what : `${what}, at "${key}"`, fault);
    });
  } catch (error) {
    if (error instanceof GossamerError) throw error;
    throw refusal(what, 'an object that holds itself');
  }
  if (text === undefined) throw refusal(what, 'undefined');
  return text;
};

const refusal = (where: string, fault: string): GossamerError =>
  errorOf('source-invalid', `${where}: ${fault} cannot travel as JSON`);

const faultOf = (value: unknown): string | null => {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? null : String(value);
    case 'bigint':
    case 'function':
    case 'symbol':
      return `a ${typeof value}`;
    case 'object': {
      if (value === null || Array.isArray(value)) return null;
      const prototype = Object.getPrototypeOf(value) as object | null;
      if (prototype === null || Object.getPrototypeOf(prototype) === null) return null;
      return `a ${value.constructor.name}`;
    }
    default:
      return null;
  }
};
