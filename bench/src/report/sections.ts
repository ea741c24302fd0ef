import type { Benchmark, Row } from '../cli/benchmark.ts';

const cell = (value: unknown): string => {
  if (value === undefined || value === null) return '-';
  if (typeof value === 'number') return value.toLocaleString('en-US', { maximumFractionDigits: 3 });
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** A benchmark's section: when and on what, the command of each row, the table. */
export const sectionOf = (made: Benchmark, rows: readonly Row[], date: string, on: string): string => {
  const commands = made.reported.map((options) => {
    const given = Object.entries(options).map(([name, value]) => ` --${name} ${String(value)}`);
    return `npm run bench -- ${made.name}${given.join('')}`;
  });
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `## ${made.name}`,
    `${made.about[0]!.toUpperCase()}${made.about.slice(1)}. ${date}; ${on}.`,
    '',
    line(made.columns.map(([, title]) => title)),
    line(made.columns.map(() => '---')),
    ...rows.map((row) => line(made.columns.map(([key]) => cell(row[key])))),
    '',
    '```sh',
    ...commands,
    '```',
  ].join('\n');
};

const startOf = (name: string): string => `<!-- ${name}: written by the benchmark -->`;
const endOf = (name: string): string => `<!-- end of ${name} -->`;

/** The document with one section replaced, or added at its end. */
export const withSection = (document: string, name: string, section: string): string => {
  const [start, end] = [startOf(name), endOf(name)];
  const written = `${start}\n${section}\n${end}`;
  const from = document.indexOf(start);
  const to = document.indexOf(end);
  if (from === -1 || to === -1) return `${document.trimEnd()}\n\n${written}\n`;
  return document.slice(0, from) + written + document.slice(to + end.length);
};
