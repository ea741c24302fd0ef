import { printable } from './printable.ts';

/**
 * Rows for people: aligned columns on a terminal, tab-separated otherwise, so that `cut` works. Numbers are set to
 * the right.
 */
export const table = (head: readonly string[], rows: readonly (string | number)[][], terminal: boolean): string => {
  const cells = [head, ...rows].map((row) => row.map((cell) => printable(String(cell))));
  if (!terminal) return cells.map((row) => row.join('\t')).join('\n');
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const numeric = head.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'));
  return cells
    .map((row) =>
      row
        .map((cell, column) => (numeric[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

/** One thing with its fields, one a line. */
export const fields = (pairs: readonly (readonly [string, string | number])[], terminal: boolean): string => {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs
    .map(([name, value]) => `${terminal ? name.padEnd(width + 2) : `${name}\t`}${printable(String(value))}`)
    .join('\n');
};

/** A moment, ms since 1970, in the reader's own time. */
export const moment = (ms: number | null): string => {
  if (ms === null) return '-';
  const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19).replace('T', ' ');
};
