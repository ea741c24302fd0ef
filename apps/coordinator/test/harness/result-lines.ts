/** The lines of a results.ndjson, by unit. */
export const lines = (text: Buffer): { unit: number }[] =>
  text
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { unit: number })
    .sort((a, b) => a.unit - b.unit);
