/** A place in a text, both numbers from 1. */
export interface Place {
  line: number;
  column: number;
}

/** The place of the character at `offset` (UTF-16 units). */
export const placeAt = (text: string, offset: number): Place => {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
};

/** As editors and terminals understand it: `file:line:column`. */
export const placeText = (file: string, place: Place): string => `${file}:${place.line}:${place.column}`;
