import type { CardData, JobSpec, ProgramKind, Sha256 } from '@gossamer/protocol';
import { LIMITS, ProblemError } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { ChunkLists } from './chunk-lists.ts';

interface Parts {
  blobs: BlobStore;
  /** What one job may name, all of it together, bytes. */
  jobDataBytes: number;
}

const mebibytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;

/** The shared data of jobs: what a new one may name, and what a tab is told of it. */
export class JobData {
  readonly #parts: Parts;
  readonly #lists: ChunkLists;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#lists = new ChunkLists(parts.blobs);
  }

  /**
   * Gives the spec with the lists of chunks. Throws ProblemError `blob-unknown` for what was not uploaded, `data-too-large`
   * over the operator's bound, or over a wasm module's.
   */
  async checked(spec: JobSpec, kind: () => Promise<ProgramKind>): Promise<JobSpec> {
    const entries = Object.entries(spec.data);
    if (entries.length === 0) return { ...spec, dataChunks: {} };
    const named = new Map<Sha256, number>();
    let total = 0;
    for (const [name, blob] of entries) {
      const size = (await this.#parts.blobs.stat(blob))?.size;
      if (size === undefined) throw new ProblemError('blob-unknown', `the data "${name}" (${blob}) was not uploaded`);
      named.set(blob, size);
      total += size;
    }
    this.#checkTotal(total, await kind());
    const dataChunks: JobSpec['dataChunks'] = {};
    for (const [name, blob] of entries) {
      const list = await this.#lists.of(blob, named.get(blob)!);
      if (list !== null) dataChunks[name] = list;
    }
    return { ...spec, dataChunks };
  }

  /** What a tab gets to know. Throws where a blob is gone. */
  async card({ data }: Pick<JobSpec, 'data'>): Promise<CardData[]> {
    return Promise.all(
      Object.entries(data).map(async ([name, sha256]) => {
        const size = (await this.#parts.blobs.stat(sha256))?.size;
        if (size === undefined) throw new Error(`the data "${name}" (${sha256}) is gone`);
        return { name, sha256, size, chunks: await this.#lists.of(sha256, size) };
      }),
    );
  }

  #checkTotal(total: number, kind: ProgramKind): void {
    const { jobDataBytes } = this.#parts;
    if (total > jobDataBytes) {
      throw new ProblemError(
        'data-too-large',
        `it comes to ${mebibytes(total)}; the operator lets a job have ${mebibytes(jobDataBytes)} (GOSSAMER_JOB_DATA_MB)`,
      );
    }
    if (kind === 'wasm' && total > LIMITS.wasmData) {
      throw new ProblemError(
        'data-too-large',
        `it comes to ${mebibytes(total)}; a wasm module has all of it there before it runs, and may have ` +
          `${mebibytes(LIMITS.wasmData)}: cut what units need as their inputs, or write the program in JavaScript`,
      );
    }
  }
}
