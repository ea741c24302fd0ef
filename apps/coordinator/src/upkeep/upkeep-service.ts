import { jobState, retryJob } from '@gossamer/core';
import type {
  AttemptDetail,
  AttemptsQuery,
  JobDeleted,
  JobId,
  JobRetried,
  KeyQuotas,
  Page,
  QuotasView,
  Sha256,
} from '@gossamer/protocol';
import { KeyId, ProblemError } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import type { Caller, PageRequest } from '../caller.ts';
import type { Config } from '../config.ts';
import type { GridUpkeep, Upload } from '../grid-upkeep.ts';
import { clearanceOf } from '../runtime/clearance.ts';
import type { GridLog } from '../runtime/grid-log.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { leaseCapOf } from '../service/create-job.ts';
import { numberCursor, page } from '../service/pages.ts';
import type { VisibleJobs } from '../service/visible-jobs.ts';
import type { Sources } from '../sources/sources.ts';
import type { Attempts } from './attempts.ts';
import type { BlobLedger } from './blob-ledger.ts';
import type { BlobPins } from './blob-pins.ts';
import type { Deletions } from './deletions.ts';
import type { Quotas } from './quotas.ts';
import { unitsOf } from './quotas.ts';

export interface UpkeepServiceParts {
  config: Pick<Config, 'leaseUnits' | 'unvetted'>;
  runtime: Runtime;
  grid: GridLog;
  sources: Sources;
  visible: VisibleJobs;
  deletions: Deletions;
  blobs: BlobStore;
  pins: BlobPins;
  ledger: BlobLedger;
  quotas: Quotas;
  attempts: Attempts;
}

/** The upkeep of jobs: it finds the job, asks who may, and passes on. */
export class UpkeepService implements GridUpkeep {
  readonly #parts: UpkeepServiceParts;

  constructor(parts: UpkeepServiceParts) {
    this.#parts = parts;
  }

  async retry(caller: Caller, id: JobId): Promise<JobRetried> {
    const { config, runtime, grid, sources, visible, quotas, deletions } = this.#parts;
    const { full } = visible.find(caller, id).spec;
    // Of a job that was over at the start nobody has looked how much of its inputs one lease may carry.
    const { inlineBytes } = await sources.of(visible.find(caller, id));
    const retried = await runtime.run(`rest:${caller.key}`, (effects) => {
      const job = visible.find(caller, id);
      deletions.requireStays(job);
      const ruling = clearanceOf(full, grid.state, config.unvetted);
      if (ruling.kind === 'barred') throw new ProblemError(ruling.code, ruling.reason);
      job.leaseCap = leaseCapOf(inlineBytes, full.limits.resultBytes, config.leaseUnits);
      // One that was over is open again, whoever asks for it: its submitter must have room. From then on it counts itself.
      const key = KeyId.parse(job.spec.submitter);
      const { failed } = job.counts;
      if (failed > 0) quotas.requireResultRoom(key);
      // Of a stream only what is not done counts; the failed units of one that is open are as good as new.
      if (jobState(job) === 'completed' && failed > 0) quotas.reserveJobs({ key }, [unitsOf(job) || failed])();
      else if (job.intake !== null && failed > 0) quotas.reserveUnits({ key }, failed)();
      return retryJob(runtime.scheduler, job, runtime.now(), effects);
    });
    return { job: visible.view(visible.find(caller, id)), retried };
  }

  async remove(caller: Caller, id: JobId): Promise<JobDeleted> {
    const job = this.#parts.visible.find(caller, id);
    const cleared = await this.#parts.deletions.delete(job, `rest:${caller.key}`);
    return { id, number: job.number, cleared };
  }

  quotas({ key }: Caller): QuotasView {
    return this.#parts.quotas.view(key);
  }

  allQuotas({ after, limit }: PageRequest): Page<KeyQuotas> {
    const { grid, quotas } = this.#parts;
    const last = numberCursor(after) ?? -1;
    // Keys stay where they are, also when they are revoked: the cursor is the place among all.
    const places = [...grid.state.keys.values()]
      .map(({ view }, place) => ({ view, place }))
      .filter(({ view, place }) => place > last && view.revokedAt === null);
    return page(
      places,
      limit,
      ({ view: { id } }) => ({ key: id, quotas: quotas.view(id) }),
      ({ place }) => String(place),
    );
  }

  blobSize(hash: Sha256): number | null {
    return this.#parts.ledger.sizeOf(hash);
  }

  async upload(caller: Caller, hash: Sha256, upload: Upload) {
    // What came as a result and is wanted by nobody goes at once: not while a key uploads the very same.
    const letGo = this.#parts.pins.pin([hash]);
    return this.#store(caller, hash, upload).finally(letGo);
  }

  async #store({ key }: Caller, hash: Sha256, { content, declared, limit }: Upload) {
    const { blobs, ledger, quotas } = this.#parts;
    // What it has already needs no more room.
    if (ledger.has(key, hash)) return blobs.putIfAbsent(hash, content, limit);
    const metered = quotas.meter(key, content, declared);
    try {
      const stored = await blobs.putIfAbsent(hash, metered.content, limit);
      ledger.uploaded(key, hash, stored.size);
      return stored;
    } finally {
      metered.done();
    }
  }

  async unitAttempts(caller: Caller, id: JobId, unit: number): Promise<AttemptDetail[]> {
    return this.#parts.attempts.ofUnit(this.#parts.visible.find(caller, id), unit);
  }

  async attempts(caller: Caller, id: JobId, query: AttemptsQuery): Promise<Page<AttemptDetail>> {
    return this.#parts.attempts.ofJob(this.#parts.visible.find(caller, id), query);
  }
}
