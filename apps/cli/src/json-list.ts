import { errorOf } from '@gossamer/sdk/node';
import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { UsageError } from './exit-code.ts';

/** An array is read whole, so it must be no longer than a text can be, bytes. */
const MOST = 256 * 1024 * 1024;
const AS_LINES = '`jq -c ".[]"` makes lines of an array, which are read one by one (.ndjson)';

const bytesOf = async (path: string | null): Promise<Buffer> => {
  if (path === null) return buffer(process.stdin);
  const found = await stat(path).catch(() => null);
  if (found === null) throw new UsageError(`there is no file ${path}`);
  if (found.isDirectory()) throw new UsageError(`${path} is no file`);
  if (found.size <= MOST) return readFile(path);
  throw errorOf('source-invalid', `${path} has ${found.size} bytes, and a list of ${MOST} is read: ${AS_LINES}`);
};

/** The items of a file, or of standard input (null), that is one array of JSON. Throws `source-invalid` where it is none. */
export const jsonList = async (path: string | null): Promise<unknown[]> => {
  const name = path ?? 'standard input';
  const bytes = await bytesOf(path);
  if (!isUtf8(bytes)) throw errorOf('source-invalid', `${name} is no text in UTF-8: convert the file to UTF-8`);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    const instead =
      'where each line is an input by itself, say --format ndjson, or --format text to take lines as texts';
    throw errorOf('source-invalid', `${name} is to be one array of JSON: ${(error as Error).message}; ${instead}`);
  }
  if (Array.isArray(value) && value.length > 0) return value;
  if (Array.isArray(value))
    throw errorOf('source-empty', `there are no inputs: ${name} is an empty array, and its items are the inputs`);
  const instead = 'put it in [ ] for a single input, or say --params for what is the same for all';
  throw errorOf('source-invalid', `${name} is JSON but no array, whose items are the inputs: ${instead}`);
};
