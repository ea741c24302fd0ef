type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array;

/**
 * Grows a typed array to hold `length` entries, at most `ceiling` of them. New entries hold 0.
 * It doubles, so that adding stays linear; what is ahead of need is address space that no memory stands behind before
 * it is written to.
 */
export const grown = <C extends Column>(column: C, length: number, ceiling: number): C => {
  if (length <= column.length) return column;
  const capacity = Math.min(ceiling, Math.max(length, 64, column.length * 2));
  const make = column.constructor as new (size: number) => C;
  const next = new make(capacity);
  next.set(column);
  return next;
};
