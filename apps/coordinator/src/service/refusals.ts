import type { Page, ProgramRefusal, RecordedRefusal, RefusalView } from '@gossamer/protocol';
import { RefusalReason } from '@gossamer/protocol';
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import type { PageRequest } from '../caller.ts';
import { numberCursor, page } from './pages.ts';

/** The newest are kept for the operator's page; the log has all. */
const KEPT = 100;

/** Programs that tabs refused to run: something between the coordinator and them changed what was signed. */
export class Refusals {
  readonly #logger: Logger;
  readonly #counter: Counter<'reason'>;
  #newest: { number: number; device: number; view: RefusalView }[] = [];
  #last = 0;

  constructor(logger: Logger, registry: Registry) {
    this.#logger = logger;
    this.#counter = new Counter({
      name: 'gossamer_programs_refused_total',
      help: 'Programs that tabs refused to run since the start: they were not what was signed, or for a playground not joined',
      labelNames: ['reason'],
      registers: [registry],
    });
    for (const reason of RefusalReason.options) this.#counter.inc({ reason }, 0);
  }

  /** `deviceNumber`: log lines name no device otherwise, as they outlive its being forgotten. */
  note(view: Omit<RefusalView, 'reason' | 'detail'>, deviceNumber: number, { reason, detail }: ProgramRefusal): void {
    this.#counter.inc({ reason });
    // What its volunteer has not opted in to, as after opting out, is no sign of meddling.
    if (reason === 'playground') return;
    this.#logger.warn({ deviceNumber, jobId: view.job, reason, detail }, 'a tab refused to run a program');
    this.#newest.unshift({ number: ++this.#last, device: deviceNumber, view: { ...view, reason, detail } });
    this.#newest.length = Math.min(this.#newest.length, KEPT);
  }

  /** The newest first. */
  list({ after, limit }: PageRequest): Page<RefusalView> {
    const before = numberCursor(after) ?? Number.POSITIVE_INFINITY;
    return page(
      this.#newest.filter(({ number }) => number < before),
      limit,
      ({ view }) => view,
      ({ number }) => String(number),
    );
  }

  /** What is told of one device. */
  of(number: number): RecordedRefusal[] {
    const own = this.#newest.filter(({ device }) => device === number);
    return own.map(({ view: { at, job, jobName, reason, detail } }) => ({ at, job, jobName, reason, detail }));
  }

  /** Its id points to nobody any more. */
  forget(number: number): void {
    this.#newest = this.#newest.filter(({ device }) => device !== number);
  }
}
