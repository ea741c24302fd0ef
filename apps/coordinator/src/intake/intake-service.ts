import type { Appendix } from '@gossamer/core';
import { appendInputs, closeInputs, openIntakeOf, wasAppended } from '@gossamer/core';
import type { InputsAppended, JobId, JobSpec, JobView, StreamSource } from '@gossamer/protocol';
import { KeyId, LIMITS, ProblemError, Sha256 } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { createHash } from 'node:crypto';
import type { Caller } from '../caller.ts';
import type { GridIntake, InputsSent } from '../grid-intake.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { leaseCapOf } from '../service/create-job.ts';
import type { VisibleJobs } from '../service/visible-jobs.ts';
import { openPiece } from '../sources/stream-source.ts';
import type { BlobLedger } from '../upkeep/blob-ledger.ts';
import type { BlobPins } from '../upkeep/blob-pins.ts';
import type { Quotas } from '../upkeep/quotas.ts';

export interface IntakeParts {
  runtime: Runtime;
  blobs: BlobStore;
  pins: BlobPins;
  quotas: Quotas;
  ledger: BlobLedger;
  visible: VisibleJobs;
  /** Units of one lease, at the most. */
  leaseUnits: number;
}

/** Throws ProblemError `media-type-unsupported`. */
const requireFormat = ({ source }: Pick<JobSpec, 'source'>, format: StreamSource['format']): void => {
  if (source.kind !== 'stream' || source.format === format) return;
  throw new ProblemError(
    'media-type-unsupported',
    `the inputs of this job are ${source.format}, and these are ${format}`,
  );
};

const LINE_FEED = 10;

/** Ends of lines: counted before each is looked at. */
const linesOf = (content: Uint8Array): number => {
  let count = 0;
  for (let at = content.indexOf(LINE_FEED); at !== -1; at = content.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
};

/** Throws ProblemError `source-invalid`. */
const requireFew = (count: number): void => {
  if (count <= LIMITS.appendedInputs) return;
  throw new ProblemError(
    'source-invalid',
    `one request appends ${LIMITS.appendedInputs} inputs at the most: send several`,
  );
};

/** The inputs of streams: each request's become a blob of their own, which the job's log then names. */
export class IntakeService implements GridIntake {
  readonly #parts: IntakeParts;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  async append(caller: Caller, id: JobId, { first, format, content }: InputsSent): Promise<InputsAppended> {
    const { runtime, pins, visible } = this.#parts;
    const job = visible.find(caller, id);
    const blob = Sha256.parse(createHash('sha256').update(content).digest('hex'));
    if (wasAppended(job, { first, blob })) {
      // Whoever asks again may be ahead of the disk.
      await runtime.written();
      return { total: job.total };
    }
    openIntakeOf(job);
    requireFormat(job.spec.full, format);
    const letGo = pins.pin([blob]);
    try {
      return await this.#store(caller, id, { first, blob, content });
    } finally {
      letGo();
    }
  }

  async close(caller: Caller, id: JobId): Promise<JobView> {
    const { runtime, visible } = this.#parts;
    await runtime.run(`rest:${caller.key}`, (effects) => closeInputs(visible.find(caller, id), runtime.now(), effects));
    return visible.view(visible.find(caller, id));
  }

  async #store(
    caller: Caller,
    id: JobId,
    { first, blob, content }: { first: number; blob: Sha256; content: Uint8Array },
  ): Promise<InputsAppended> {
    const { blobs, quotas, visible } = this.#parts;
    const { spec } = visible.find(caller, id);
    const submitter = KeyId.parse(spec.submitter);
    const { source } = spec.full;
    // `openIntakeOf` found a stream.
    if (source.kind !== 'stream') throw new Error(`job ${spec.id} has no stream`);
    if (source.format !== 'packed') requireFew(linesOf(content));
    const { total: count, inlineBytes: longest } = await openPiece(source.format, first, content, blobs);
    if (count === 0) throw new ProblemError('source-empty', 'there is no input among these bytes');
    requireFew(count);
    // Others may have appended meanwhile: nothing is stored for who comes too late.
    const now = visible.find(caller, id);
    if (wasAppended(now, { first, blob })) return { total: now.total };
    const letGoOfBytes = quotas.reserveBytes(submitter, blob, content.byteLength);
    try {
      return await this.#append(caller, id, { first, count, longest, blob }, content);
    } finally {
      letGoOfBytes();
    }
  }

  async #append(caller: Caller, id: JobId, appendix: Appendix, content: Uint8Array): Promise<InputsAppended> {
    const { runtime, blobs, quotas, ledger, visible, leaseUnits } = this.#parts;
    const submitter = KeyId.parse(visible.find(caller, id).spec.submitter);
    const letGo = quotas.reserveUnits({ key: submitter }, appendix.count);
    try {
      await blobs.add(content);
      ledger.uploaded(submitter, appendix.blob, content.byteLength);
      const job = await runtime.run(`rest:${caller.key}`, (effects) => {
        const found = visible.find(caller, id);
        appendInputs(found, appendix, runtime.now(), effects);
        found.leaseCap = leaseCapOf(found.intake!.longest, found.spec.limits.resultBytes, leaseUnits);
        return found;
      });
      return { total: job.total };
    } finally {
      letGo();
    }
  }
}
