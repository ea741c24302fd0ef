import { fromUtf8, jsonParse, typedArrays } from './primordials.ts';

/** What a program is given: parsed JSON, a typed array, or an ArrayBuffer, as the unit's encoding says. */
export const decodeInput = (encoding: number, body: ArrayBuffer): unknown => {
  if (encoding === 0) return jsonParse(fromUtf8(body));
  return encoding === 1 ? body : new typedArrays[encoding - 2]!(body);
};
