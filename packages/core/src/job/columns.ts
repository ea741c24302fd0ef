type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array;

/**
 * Grows a typed array to hold `length` entries, at most `ceiling` of them. New entries hold `fill`.
 * It grows by half, so that a struct of arrays wastes at most a third and adding stays linear.
 */
export const grown = <C extends Column>(column: C, length: number, ceiling: number, fill = 0): C => {
  if (length <= column.length) return column;
  const capacity = Math.min(ceiling, Math.max(length, 64, column.length + (column.length >> 1)));
  const make = column.constructor as new (size: number) => C;
  const next = new make(capacity);
  next.set(column);
  if (fill !== 0) next.fill(fill, column.length);
  return next;
};
