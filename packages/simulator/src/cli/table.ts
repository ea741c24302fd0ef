const isRow = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const cell = (value: unknown): string => {
  if (value === null) return '-';
  if (typeof value !== 'number') return typeof value === 'string' ? value : JSON.stringify(value);
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(4)));
};

/** Rows of one shape as lines of text, numbers to the right. */
export const tableOf = (rows: readonly Record<string, unknown>[]): string => {
  const names = Object.keys(rows[0] ?? {});
  const lines = [names, ...rows.map((row) => names.map((name) => cell(row[name])))];
  const widths = names.map((_, at) => Math.max(...lines.map((line) => line[at]!.length)));
  const isText = names.map((name) => typeof rows[0]?.[name] === 'string');
  return lines
    .map((line) =>
      line
        .map((text, at) => (isText[at] === true ? text.padEnd(widths[at]!) : text.padStart(widths[at]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

/** What a scenario found, for people: its figures line by line, its lists as tables. */
export const textOf = (found: Record<string, unknown>): string =>
  Object.entries(found)
    .map(([name, value]) => {
      if (Array.isArray(value)) return `\n${tableOf(value.filter(isRow))}`;
      return `${name}: ${cell(value)}`;
    })
    .join('\n');
