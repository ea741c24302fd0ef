/** What tables are delimited by, as a command line and JSON write it. */
const DELIMITERS: Record<string, { flag: string; json: string }> = {
  ',': { flag: "','", json: '","' },
  ';': { flag: "';'", json: '";"' },
  '\t': { flag: 'tab', json: '"\\t"' },
  '|': { flag: "'|'", json: '"|"' },
};
/** Characters of a name that are told. */
const TOLD = 60;

/**
 * What to do where the first row is one column whose name has a delimiter in it, as where a table is read by another one than its
 * own; null where it is none, or stands in quotes, and so is meant. `firstRow`: as it was written.
 */
export const otherDelimiter = (names: readonly string[], firstRow: string, delimiter: string): string | null => {
  const [name = ''] = names;
  if (names.length !== 1 || firstRow.includes('"')) return null;
  const other = Object.keys(DELIMITERS).find((text) => text !== delimiter && name.includes(text));
  if (other === undefined) return null;
  const { flag, json } = DELIMITERS[other]!;
  const told = name.length > TOLD ? `${name.slice(0, TOLD)}…` : name;
  return (
    `the first row is one column named “${told.replaceAll('\t', '\\t')}”: is the delimiter another one? ` +
    `Say it (--delimiter ${flag}; delimiter: ${json}), or put quotes around the name where it is one`
  );
};
