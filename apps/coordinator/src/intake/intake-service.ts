import { appendInputs, closeInputs, openIntakeOf, wasAppended } from '@gossamer/core';
import type { InputsAppended, JobId, JobView } from '@gossamer/protocol';
import { KeyId, ProblemError, Sha256 } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { createHash } from 'node:crypto';
import type { Caller } from '../caller.ts';
import type { GridIntake } from '../grid-intake.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { leaseCapOf } from '../service/create-job.ts';
import type { VisibleJobs } from '../service/visible-jobs.ts';
import { openPiece } from '../sources/stream-source.ts';
import type { BlobPins } from '../upkeep/blob-pins.ts';
import type { Quotas } from '../upkeep/quotas.ts';

export interface IntakeParts {
  runtime: Runtime;
  blobs: BlobStore;
  pins: BlobPins;
  quotas: Quotas;
  visible: VisibleJobs;
  /** Units of one lease, at the most. */
  leaseUnits: number;
}

/** The inputs of streams: each request's become a blob of their own, which the job's log then names. */
export class IntakeService implements GridIntake {
  readonly #parts: IntakeParts;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  async append(caller: Caller, id: JobId, first: number, content: Uint8Array): Promise<InputsAppended> {
    const { runtime, pins, visible } = this.#parts;
    const job = visible.find(caller, id);
    const blob = Sha256.parse(createHash('sha256').update(content).digest('hex'));
    if (wasAppended(job, { first, blob })) {
      // Whoever asks again may be ahead of the disk.
      await runtime.written();
      return { total: job.total };
    }
    openIntakeOf(job);
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
    const { runtime, blobs, quotas, visible, leaseUnits } = this.#parts;
    const { spec } = visible.find(caller, id);
    const submitter = KeyId.parse(spec.submitter);
    const { source } = spec.full;
    // `openIntakeOf` found a stream.
    if (source.kind !== 'stream') throw new Error(`job ${spec.id} has no stream`);
    const { total: count, inlineBytes: longest } = await openPiece(source.format, content, blobs);
    if (count === 0) throw new ProblemError('source-empty', 'there is no input among these bytes');
    quotas.admitBlobs({ key: submitter }, new Map([[blob, content.byteLength]]));
    const letGo = quotas.reserveUnits({ key: submitter }, count);
    try {
      await blobs.add(content);
      const job = await runtime.run(`rest:${caller.key}`, (effects) => {
        const found = visible.find(caller, id);
        appendInputs(runtime.scheduler, found, { first, count, longest, blob }, runtime.now(), effects);
        found.leaseCap = leaseCapOf(found.intake!.longest, leaseUnits);
        return found;
      });
      return { total: job.total };
    } finally {
      letGo();
    }
  }
}
