import type { Format } from './stdin-inputs.ts';

/** How a file, or standard input, is read. */
export type InputFormat = Format | 'csv' | 'tsv' | 'json';

/** What the ends of files' names say of what is in them. */
const BY_NAME: Record<string, InputFormat> = {
  csv: 'csv',
  tsv: 'tsv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'json',
};

const NAMES: Record<InputFormat, string> = {
  auto: 'lines',
  text: 'lines of text',
  ndjson: 'lines of JSON',
  csv: 'a table',
  tsv: 'a table',
  json: 'a list',
};

/** What a format makes of a file, in words. */
export const formatName = (format: InputFormat): string => NAMES[format];

/** What the name of a file says; `auto` where it says nothing. */
export const formatByName = (input: string): InputFormat => {
  const [, extension = ''] = /\.(\w+)$/.exec(input.toLowerCase()) ?? [];
  return Object.hasOwn(BY_NAME, extension) ? BY_NAME[extension]! : 'auto';
};

export const isTable = (format: InputFormat): format is 'csv' | 'tsv' => format === 'csv' || format === 'tsv';
