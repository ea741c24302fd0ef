import type { JobId, ResultView } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { Caller, Grid } from '../grid.ts';

/** Results read at once: what a slow reader makes us hold, at most. */
const PAGE = 200;

/** Where an output of bytes, or a large one, lies in the archive; null for one that is in its line. */
const fileOf = ({ unit, bytes, blob }: ResultView): string | null => {
  if (blob !== undefined) return `outputs/${unit}.${blob.encoding === 'json' ? 'json' : 'bin'}`;
  return bytes === undefined ? null : `outputs/${unit}.bin`;
};

/** A line of `results.ndjson`: bytes lie in a file of their own, as they are. */
const lineOf = (result: ResultView): object => {
  const { unit, output, blob, type, error } = result;
  if (error !== undefined) return { unit, error };
  const file = fileOf(result);
  if (file === null) return { unit, output };
  return { unit, file, ...(blob === undefined ? {} : { blob }), ...(type === undefined ? {} : { type }) };
};

/** The bytes of a result: those of a large one as they are read. */
const contentOf = async (grid: Grid, caller: Caller, id: JobId, unit: number): Promise<Readable> => {
  const found = await grid.result(caller, id, unit);
  if ('body' in found) return Readable.from([found.body]);
  const content = await grid.blobs.get(found.blob.sha256);
  if (content === null) throw new ProblemError('blob-unknown', found.blob.sha256);
  return Readable.from(content);
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
 * they became final), and a file for each output of bytes and each large one. It is made as fast as it is read; one that breaks off has no
 * directory at its end, and opens nowhere.
 */
export const archiveOf = (grid: Grid, caller: Caller, id: JobId, signal: AbortSignal): AsyncIterable<Uint8Array> => {
  const zip = new ZipFile();
  const out = zip.outputStream as Readable;
  zip.on('error', (error: Error) => out.destroy(error));
  signal.addEventListener('abort', () => out.destroy(), { once: true });
  zip.addBuffer(Buffer.from(`${JSON.stringify(grid.job(caller, id), null, 2)}\n`), 'job.json');
  async function* lines(): AsyncGenerator<string> {
    const inFiles: { unit: number; file: string }[] = [];
    for await (const result of allResults(grid, caller, id, signal)) {
      if (result.superseded === true) continue;
      const file = fileOf(result);
      if (file !== null) inFiles.push({ unit: result.unit, file });
      yield `${JSON.stringify(lineOf(result))}\n`;
    }
    for (const { unit, file } of inFiles) {
      zip.addReadStreamLazy(file, (give) => {
        contentOf(grid, caller, id, unit).then(
          (content) => give(null, content),
          (error: unknown) => give(error, Readable.from([])),
        );
      });
    }
    zip.end();
  }
  zip.addReadStream(Readable.from(lines()), 'results.ndjson');
  return out;
};
