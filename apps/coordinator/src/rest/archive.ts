import type { BatchId, JobId, ResultView } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { Caller, Grid } from '../grid.ts';

/** Results read at once: what a slow reader makes us hold, at most. */
const PAGE = 200;

/** Files that yazl is given at once. */
const FILES = 500;

/** The entries of one archive, as yazl keeps them until it writes the directory at its end. */
type Entries = unknown[];
type Zip = ZipFile & { entries: Entries };

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
  zip: Zip;
  /** Entries that are written. */
  done: Entries;
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
  const zip = new ZipFile() as Zip;
  const out = zip.outputStream as Readable;
  const archive: Archive & { out: Readable } = { zip, done: [], grid, caller, signal, out, source: null };
  const cut = (error?: Error): void => {
    out.destroy(error);
    archive.source?.destroy();
  };
  zip.on('error', cut);
  signal.addEventListener('abort', () => cut(), { once: true });
  return archive;
};

/**
 * To be called when the last entry of all is about to be written. After each one yazl looks for the next from the first on,
 * which of very many would take the square of their number: those that are written lie elsewhere for so long.
 */
const setAside = ({ zip, done }: Archive): void => {
  for (const entry of zip.entries.splice(0, zip.entries.length - 1)) done.push(entry);
};

/** No more comes: what was set aside belongs to the directory. */
const end = ({ zip, done }: Archive): void => {
  zip.entries = [...done, ...zip.entries];
  zip.end();
};

interface FileInArchive {
  id: JobId;
  unit: number;
  path: string;
}

/** Adds files, some at a time; `then` is called when the last of them is about to be written. */
const addFiles = (archive: Archive, files: readonly FileInArchive[], then: () => void, from = 0): void => {
  const { zip, grid, caller } = archive;
  const upto = Math.min(from + FILES, files.length);
  if (upto === from) return then();
  for (let at = from; at < upto; at++) {
    const { id, unit, path } = files[at]!;
    zip.addReadStreamLazy(path, (give) => {
      contentOf(grid, caller, id, unit).then(
        (content) => give(null, readNext(archive, content)),
        (error: unknown) => give(error, Readable.from([])),
      );
      if (at < upto - 1) return;
      try {
        setAside(archive);
        addFiles(archive, files, then, upto);
      } catch (error) {
        zip.emit('error', error);
      }
    });
  }
};

/**
 * Adds what is final of a job, below a folder: `job.json` (its view), `results.ndjson` (a line a unit, in the order in which
 * they became final), and a file for each output that is bytes or large. `then` is called when all of its entries are known:
 * what it adds comes after them.
 */
const addJob = (archive: Archive, id: JobId, folder: string, then: () => void): void => {
  const { zip, grid, caller } = archive;
  zip.addBuffer(jsonFile(grid.job(caller, id)), `${folder}job.json`);
  async function* lines(): AsyncGenerator<string> {
    const inFiles: FileInArchive[] = [];
    for await (const result of allResults(archive, id)) {
      if (result.superseded === true) continue;
      const file = fileOf(result);
      if (file !== null) inFiles.push({ id, unit: result.unit, path: `${folder}${file}` });
      yield `${JSON.stringify(lineOf(result))}\n`;
    }
    addFiles(archive, inFiles, then);
  }
  zip.addReadStreamLazy(`${folder}results.ndjson`, (give) => give(null, readNext(archive, Readable.from(lines()))));
};

/**
 * A ZIP archive of all that is final of a job. It is made as fast as it is read; one that breaks off has no directory at its
 * end, and opens nowhere.
 */
export const archiveOf = (grid: Grid, caller: Caller, id: JobId, signal: AbortSignal): AsyncIterable<Uint8Array> => {
  const archive = newArchive(grid, caller, signal);
  addJob(archive, id, '', () => end(archive));
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
    end(archive);
  };
  addFrom(0);
  return archive.out;
};
