import type { Source } from '@gossamer/protocol';
import { LIMITS, ProblemError } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { openBands, openRecords } from './byte-sources.ts';
import { openList, openRange } from './json-sources.ts';
import { openPacked } from './packed-source.ts';
import { openProduct } from './product-source.ts';
import { openCsv } from './csv-source.ts';
import { openLines } from './line-source.ts';
import type { OpenedSource, ReadPart } from './opened-source.ts';
import { type MakeInputs, openMade } from './split-source.ts';

/** The values that a split gave lie in a blob; others are made when they are asked for. */
const openSplit = (
  { made }: Extract<Source, { kind: 'split' }>,
  blobs: BlobStore,
  make: MakeInputs,
): Promise<OpenedSource> => {
  if (made === undefined) throw new Error('the program was not asked yet how its job is split');
  if ('length' in made) return openMade(made.length, make);
  return open({ kind: 'lines', blob: made.blob, format: 'ndjson' }, blobs, make);
};

const open = async (source: Source, blobs: BlobStore, make: MakeInputs): Promise<OpenedSource> => {
  if (source.kind === 'stream') throw new Error('the inputs of a stream lie in its intake');
  if (source.kind === 'split') return openSplit(source, blobs, make);
  if (source.kind === 'range') return openRange(source);
  if (source.kind === 'list') return openList(source, LIMITS.inlineInput);
  if (source.kind === 'product') return openProduct(source, LIMITS.inlineInput);
  const stat = await blobs.stat(source.blob);
  if (stat === null) throw new ProblemError('blob-unknown', source.blob);
  if (source.kind === 'records') return openRecords(source, blobs, stat.size);
  if (source.kind === 'bands') return openBands(source, blobs, stat.size);
  const content = (await blobs.get(source.blob))!;
  if (source.kind === 'csv') return openCsv(source, blobs, content, stat.size);
  const read: ReadPart = (part) => blobs.read(source.blob, part);
  if (source.kind === 'packed') return openPacked(content, read, blobs);
  return openLines(source.format, content, read);
};

/**
 * Opens a job's source, unless it is a stream; `make` asks its program for inputs, where it splits the job itself. Throws
 * ProblemError `blob-unknown`, `source-invalid`, `data-truncated`, `source-empty` or `source-too-large`.
 */
export const openSource = async (source: Source, blobs: BlobStore, make: MakeInputs): Promise<OpenedSource> => {
  const opened = await open(source, blobs, make);
  if (opened.total === 0) throw new ProblemError('source-empty', opened.nothing);
  if (opened.total > LIMITS.units) throw new ProblemError('source-too-large', `${opened.total} units`);
  return opened;
};

/** One sentence on a source, for lists of jobs. */
export const describeSource = (source: Source): string => {
  switch (source.kind) {
    case 'range':
      return `integers from ${source.start} to below ${source.stop}, step ${source.step}`;
    case 'list':
      return `a list of ${source.items.length}`;
    case 'lines':
      return `lines of ${source.blob.slice(0, 12)}… (${source.format})`;
    case 'csv':
      return `rows of the table ${source.blob.slice(0, 12)}…`;
    case 'product':
      return `every combination of ${Object.keys(source.axes).join(', ')}`;
    case 'split':
      return "the program's own split";
    case 'stream':
      return `a stream (${source.format})`;
    case 'packed':
      return `values of ${source.blob.slice(0, 12)}…`;
    case 'records':
      return `records of ${source.bytes} bytes of ${source.blob.slice(0, 12)}…`;
    case 'bands':
      return `bands of ${source.width} columns of a ${source.rows} x ${source.columns} matrix`;
  }
};
