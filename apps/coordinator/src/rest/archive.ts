import type { BatchId, JobId, ResultView } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { Caller, Grid } from '../grid.ts';

/** Results read at once: what a slow reader makes us hold, at most. */
const PAGE = 200;

/** Where an output of bytes, or a large one, lies in the archive of its job; null for one that is in its line. */
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

const jsonFile = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);

/** One archive that is being made: who reads it, and whether somebody still does. */
interface Archive {
  zip: ZipFile;
  grid: Grid;
  caller: Caller;
  signal: AbortSignal;
  /** What is read now, as long as somebody reads: yazl leaves it open when its own output is cut. */
  source: Readable | null;
}

/**
 * Has the archive read this next. yazl pipes it, and hears of no error of it: unheard, that would end the process. Here it
 * ends the archive.
 */
const readNext = (archive: Archive, source: Readable): Readable => {
  source.on('error', (error) => archive.zip.emit('error', error));
  archive.source = source;
  if (archive.signal.aborted) source.destroy();
  return source;
};

/** All final results of a job, each once. */
async function* allResults({ grid, caller, signal }: Archive, id: JobId): AsyncGenerator<ResultView> {
  let after: string | undefined;
  do {
    const page = await grid.results(caller, id, { after, limit: PAGE });
    yield* page.items;
    after = page.next ?? undefined;
  } while (after !== undefined && !signal.aborted);
}

const newArchive = (grid: Grid, caller: Caller, signal: AbortSignal): Archive & { out: Readable } => {
  const zip = new ZipFile();
  const out = zip.outputStream as Readable;
  const archive: Archive & { out: Readable } = { zip, grid, caller, signal, out, source: null };
  const end = (error?: Error): void => {
    out.destroy(error);
    archive.source?.destroy();
  };
  zip.on('error', end);
  signal.addEventListener('abort', () => end(), { once: true });
  return archive;
};

/**
 * Adds what is final of a job, below a folder: `job.json` (its view), `results.ndjson` (a line a unit, in the order in which
 * they became final), and a file for each output that is bytes or large. `then` is called when all of its entries are known,
 * which is when its lines have been read: what it adds comes after them.
 */
const addJob = (archive: Archive, id: JobId, folder: string, then: () => void): void => {
  const { zip, grid, caller } = archive;
  zip.addBuffer(jsonFile(grid.job(caller, id)), `${folder}job.json`);
  async function* lines(): AsyncGenerator<string> {
    const inFiles: { unit: number; file: string }[] = [];
    for await (const result of allResults(archive, id)) {
      if (result.superseded === true) continue;
      const file = fileOf(result);
      if (file !== null) inFiles.push({ unit: result.unit, file });
      yield `${JSON.stringify(lineOf(result))}\n`;
    }
    for (const { unit, file } of inFiles) {
      zip.addReadStreamLazy(`${folder}${file}`, (give) => {
        contentOf(grid, caller, id, unit).then(
          (content) => give(null, readNext(archive, content)),
          (error: unknown) => give(error, Readable.from([])),
        );
      });
    }
    then();
  }
  zip.addReadStreamLazy(`${folder}results.ndjson`, (give) => give(null, readNext(archive, Readable.from(lines()))));
};

/**
 * A ZIP archive of all that is final of a job. It is made as fast as it is read; one that breaks off has no directory at its
 * end, and opens nowhere.
 */
export const archiveOf = (grid: Grid, caller: Caller, id: JobId, signal: AbortSignal): AsyncIterable<Uint8Array> => {
  const archive = newArchive(grid, caller, signal);
  addJob(archive, id, '', () => archive.zip.end());
  return archive.out;
};

/**
 * The same of a batch: `batch.json` (its view), and for each of its jobs a folder by its id, one after the other in the order in
 * which they were given. Jobs that were deleted are not in it; one that is deleted while it is being read breaks it off.
 */
export const batchArchiveOf = (
  grid: Grid,
  caller: Caller,
  id: BatchId,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> => {
  const archive = newArchive(grid, caller, signal);
  const { zip } = archive;
  const jobs = grid.batches.jobs(caller, id);
  zip.addBuffer(jsonFile(grid.batches.get(caller, id)), 'batch.json');
  const addFrom = (place: number): void => {
    for (let at = place; at < jobs.length; at++) {
      try {
        return addJob(archive, jobs[at]!, `jobs/${jobs[at]!}/`, () => addFrom(at + 1));
      } catch (error) {
        if (!(error instanceof ProblemError && error.code === 'job-deleted')) throw error;
      }
    }
    zip.end();
  };
  addFrom(0);
  return archive.out;
};
