import type { JobId, ResultView } from '@gossamer/protocol';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { Caller, Grid } from '../grid.ts';

/** Results read at once: what a slow reader makes us hold, at most. */
const PAGE = 200;

/** Where an output of bytes lies in the archive. */
const fileOf = (unit: number): string => `outputs/${unit}.bin`;

/** A line of `results.ndjson`: bytes lie in a file of their own, as they are. */
const lineOf = ({ unit, output, bytes, type, error }: ResultView): object => {
  if (error !== undefined) return { unit, error };
  if (bytes === undefined) return { unit, output };
  return type === undefined ? { unit, file: fileOf(unit) } : { unit, file: fileOf(unit), type };
};

/** All final results of a job, each once. */
async function* allResults(grid: Grid, caller: Caller, id: JobId, signal: AbortSignal): AsyncGenerator<ResultView> {
  let after: string | undefined;
  do {
    const page = await grid.results(caller, id, { after, limit: PAGE });
    yield* page.items;
    after = page.next ?? undefined;
  } while (after !== undefined && !signal.aborted);
}

/**
 * A ZIP archive of all that is final of a job: `job.json` (its view), `results.ndjson` (a line a unit, in the order in which
 * they became final), and a file for each output of bytes. It is made as fast as it is read; one that breaks off has no
 * directory at its end, and opens nowhere.
 */
export const archiveOf = (grid: Grid, caller: Caller, id: JobId, signal: AbortSignal): AsyncIterable<Uint8Array> => {
  const zip = new ZipFile();
  const out = zip.outputStream as Readable;
  zip.on('error', (error: Error) => out.destroy(error));
  signal.addEventListener('abort', () => out.destroy(), { once: true });
  zip.addBuffer(Buffer.from(`${JSON.stringify(grid.job(caller, id), null, 2)}\n`), 'job.json');
  async function* lines(): AsyncGenerator<string> {
    const inFiles: number[] = [];
    for await (const result of allResults(grid, caller, id, signal)) {
      if (result.superseded === true) continue;
      if (result.bytes !== undefined) inFiles.push(result.unit);
      yield `${JSON.stringify(lineOf(result))}\n`;
    }
    for (const unit of inFiles) {
      zip.addReadStreamLazy(fileOf(unit), (give) => {
        grid.result(caller, id, unit).then(
          ({ body }) => give(null, Readable.from([body])),
          (error: unknown) => give(error, Readable.from([])),
        );
      });
    }
    zip.end();
  }
  zip.addReadStream(Readable.from(lines()), 'results.ndjson');
  return out;
};
