import type { Job, Lease } from '@gossamer/core';
import type { JobCard, LeaseGrant, Sha256 } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { signTicket } from '../runtime/mac.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { JobData } from '../shared-data/job-data.ts';
import type { Sources } from '../sources/sources.ts';
import { presentInputs } from '../upkeep/present-inputs.ts';
import type { SignedPrograms } from './signed-programs.ts';

/** What a lease takes in a frame, bytes. */
export const bytesOf = ({ ticket, inputs }: LeaseGrant): number =>
  inputs.reduce((sum, input) => sum + (input.kind === 'inline' ? input.body.byteLength : 40), ticket.byteLength);

interface Parts {
  runtime: Runtime;
  sources: Sources;
  blobs: BlobStore;
  signed: SignedPrograms;
  data: JobData;
  /** The largest maximum that the memory of a wasm module may declare, bytes. */
  wasmMemoryBytes: number;
  secret: Uint8Array;
  cageOrigin: (job: number) => string;
}

/** Makes of granted leases what travels: tickets, inputs, and the cards of jobs that the session has not met yet. */
export class Grants {
  readonly #parts: Parts;
  readonly #cards = new Map<number, Promise<string>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A lease in the form that travels, with its job's card unless the session has it. Throws when its source cannot be read. */
  async travel(lease: Lease, isKnown: boolean): Promise<{ grant: LeaseGrant; card: string | null }> {
    const job = this.#parts.runtime.scheduler.jobs.get(lease.job);
    if (job === undefined) throw new Error(`job ${lease.job} is gone`);
    return { card: isKnown ? null : await this.#card(job), grant: await this.#grant(lease, job) };
  }

  /** Whether the inputs of a job's leases are made by its program when they are given out. */
  asksProgram(job: number): boolean {
    const source = this.#parts.runtime.scheduler.jobs.get(job)?.spec.full.source;
    return source?.kind === 'split' && source.made !== undefined && 'length' in source.made;
  }

  /** What is signed has changed: cards are made anew. */
  forgetCards(): void {
    this.#cards.clear();
  }

  /** Lets go of what was kept of a job that has ended. */
  forget(job: number): void {
    this.#cards.delete(job);
    this.#parts.sources.forget(job);
  }

  async #grant(lease: Lease, job: Job): Promise<LeaseGrant> {
    const { runtime, secret, sources, blobs } = this.#parts;
    const inputs = await presentInputs(sources, blobs, job, lease.units);
    const { epoch } = runtime.scheduler.options;
    const { number, units } = lease;
    const ticket = signTicket(secret, lease.device, { epoch, number, job: lease.job, units });
    return { ticket, inputs };
  }

  #card(job: Job): Promise<string> {
    const known = this.#cards.get(job.number);
    if (known !== undefined) return known;
    const card = this.#makeCard(job).then((made) => JSON.stringify(made));
    this.#cards.set(job.number, card);
    card.catch(() => this.#cards.delete(job.number));
    return card;
  }

  async #makeCard(job: Job): Promise<JobCard> {
    const { full, limits, name, id, submitterName } = job.spec;
    const sha256: Sha256 = full.program;
    const size = (await this.#parts.blobs.stat(sha256))?.size;
    if (size === undefined) throw new Error(`the program of job ${job.number} is gone`);
    return {
      job: job.number,
      id,
      name,
      submitter: submitterName,
      program: { sha256, size },
      signed: await this.#parts.signed.of(job, size),
      params: full.params,
      data: await this.#parts.data.card(full),
      seed: full.seed,
      limits: {
        deadlineMs: limits.deadlineMs,
        resultBytes: limits.resultBytes,
        memoryBytes: this.#parts.wasmMemoryBytes,
      },
      cageOrigin: this.#parts.cageOrigin(job.number),
    };
  }
}
