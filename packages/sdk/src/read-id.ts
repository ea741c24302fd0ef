import { type ProblemCode, PROBLEMS } from '@gossamer/protocol';
import type { z } from 'zod';
import { errorOf } from './error-kinds.ts';

/**
 * An id as the coordinator would read it. A text that can be none names nothing that there is, so it is refused as an unknown one
 * would be, before anything is asked. `what`: what it should be, in words.
 */
export const readId = <Schema extends z.ZodType>(
  schema: Schema,
  code: ProblemCode,
  text: string,
  what: string,
): z.output<Schema> => {
  const read = schema.safeParse(text);
  if (!read.success) throw errorOf(code, `"${text}" is not ${what}`, { status: PROBLEMS[code].status });
  return read.data;
};
