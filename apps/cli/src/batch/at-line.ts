import { GossamerError, errorOf } from '@gossamer/sdk/node';
import type { BatchLine } from './read-batch.ts';

/** The error, of a line of the file. */
export const ofLine = (error: unknown, { number }: BatchLine): unknown =>
  error instanceof GossamerError ? changed(error, `line ${number}: ${error.message}`, error.errors) : error;

/** How the coordinator names a job of a batch, by its place among the jobs: `jobs.3`, and `body.jobs.3.source` of a field. */
const PLACE = /(?<![\w.“])(?:body\.)?jobs\.(\d+)\b(\.)?/g;

/** The error with lines of the file in the place of places in the request, which the file's writer has never seen. */
export const atLines = (error: unknown, lines: readonly BatchLine[]): unknown => {
  if (!(error instanceof GossamerError)) return error;
  const inFile = (text: string): string =>
    text.replace(PLACE, (place, index: string, dot: string | undefined) => {
      const line = lines[Number(index)];
      return line === undefined ? place : `line ${line.number}${dot === undefined ? '' : ': '}`;
    });
  const errors = error.errors?.map(({ path, message }) => ({ path: inFile(path), message }));
  return changed(error, inFile(error.message), errors);
};

const changed = (error: GossamerError, message: string, errors: GossamerError['errors']): GossamerError => {
  const { code, status, retryAfterMs, quota } = error;
  return errorOf(code, message, {
    cause: error,
    errors,
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(quota === undefined ? {} : { quota }),
  });
};
