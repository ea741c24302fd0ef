import { ENCODING } from '@gossamer/protocol';
import type { JudgeValue } from '@gossamer/judge';
import { readFile, stat } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { UsageError } from '../exit-code.ts';

export interface InputFlags {
  /** JSON, `@file`, or `-`. */
  input?: string;
  /** A file's path. */
  bytes?: string;
}

const fileOf = (path: string): Promise<Buffer> =>
  readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${path} cannot be read: ${error.code ?? error.message}`);
  });

const jsonFrom = async (input: string): Promise<{ source: string; json: string }> => {
  if (input === '-') return { source: 'standard input', json: await text(process.stdin) };
  if (!input.startsWith('@')) return { source: '--input', json: input };
  const path = input.slice(1);
  return { source: path, json: (await fileOf(path)).toString('utf8') };
};

/** What may be meant by an input that is no JSON: a file, as `map` takes one. */
const hint = async (input: string): Promise<string> => {
  const found = await stat(input).catch(() => null);
  if (found?.isFile() === true) {
    return (
      `. Here --input is a value: for what is in the file, say --input @${input}, or --bytes ${input}` +
      ' (it is `map` and `jobs create` that take a file of inputs by --input FILE)'
    );
  }
  return /^[\s\w.-]+$/.test(input) ? `. A text stands in quotes of JSON: --input '${JSON.stringify(input)}'` : '';
};

/** The unit's input, as it would travel. Throws UsageError where there is none, or it is no JSON. */
export const readInput = async ({ input, bytes }: InputFlags): Promise<JudgeValue> => {
  if (input !== undefined && bytes !== undefined) throw new UsageError('give --input or --bytes, not both');
  if (bytes !== undefined) return { encoding: ENCODING.bytes, body: new Uint8Array(await fileOf(bytes)) };
  if (input === undefined) {
    throw new UsageError(
      'there is no input: give --input JSON, --input @FILE, --input - (standard input) or --bytes FILE',
    );
  }
  const { source, json } = await jsonFrom(input);
  try {
    return { encoding: ENCODING.json, body: new TextEncoder().encode(JSON.stringify(JSON.parse(json))) };
  } catch (error) {
    throw new UsageError(`${source} is no JSON: ${(error as Error).message}${await hint(input)}`);
  }
};
