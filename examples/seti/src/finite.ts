/** Replaces cells that are NaN or infinite by the median of the others (by 0 where there are none), in place. */
export function replaceNonFinite(cells: Float32Array): void {
  if (cells.every((cell) => Number.isFinite(cell))) return;
  const finite = cells.filter((cell) => Number.isFinite(cell)).sort();
  const median = finite.length > 0 ? finite[finite.length >> 1]! : 0;
  for (let i = 0; i < cells.length; i++) if (!Number.isFinite(cells[i])) cells[i] = median;
}
