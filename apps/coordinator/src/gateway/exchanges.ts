import type { Lease, Report } from '@gossamer/core';
import { exchange, holdJob, isOpen, unpark } from '@gossamer/core';
import type { ExchangeRequest, LeaseReport } from '@gossamer/protocol';
import { decodeRequest, FrameError, ProblemError, REPORT_STATUS } from '@gossamer/protocol';
import type { Logger } from 'pino';
import { verifyTicket } from '../runtime/mac.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Answer, Connection } from './connection.ts';
import { frameOf } from './connection.ts';
import type { Grants } from './grants.ts';

/** An exchange without work waits so long, ms; then the tab asks again, which tells both that the other is there. */
const PARK_MS = 25_000;
/** What a tab is told to wait when nothing can be written now, ms. */
const RETRY_MS = 1000;

/** Handles the one hot message. */
export class Exchanges {
  readonly #runtime: Runtime;
  readonly #grants: Grants;
  readonly #secret: Uint8Array;
  readonly #logger: Logger;

  constructor(runtime: Runtime, grants: Grants, secret: Uint8Array, logger: Logger) {
    this.#runtime = runtime;
    this.#grants = grants;
    this.#secret = secret;
    this.#logger = logger;
  }

  /** Throws ProblemError `exchange-malformed`. `answer` is called once: now, or when there is work. */
  async take(connection: Connection, frame: Uint8Array, answer: Answer): Promise<void> {
    const { request, reports } = this.#read(connection, frame);
    const { session } = connection;
    const proved = reports.filter((report) => report !== null);
    const command = { slots: request.slots, held: request.held, reports: proved };
    connection.unpark();
    const cause = `exchange:${session.device}:${this.#runtime.scheduler.options.epoch}:${session.number}:${request.seq}`;
    try {
      const decided = await this.#runtime.run(cause, (effects) =>
        exchange(this.#runtime.scheduler, session, command, this.#runtime.now(), effects),
      );
      // Reports are acknowledged at once, even when there is no work: the tab may drop them then.
      const busy = decided.granted.length > 0 || decided.revoked.length > 0 || request.reports.length > 0;
      if (decided.parked && !busy && session.parked > 0) {
        connection.park(request.seq, answer, PARK_MS, () => {
          unpark(this.#runtime.scheduler, session);
          connection.unpark();
        });
        return;
      }
      if (decided.parked) unpark(this.#runtime.scheduler, session);
      const given = await this.#travel(connection, decided.granted);
      const decidedOn = decided.statuses.values();
      const statuses = reports.map((report) =>
        report === null ? REPORT_STATUS.refused : (decidedOn.next().value ?? REPORT_STATUS.refused),
      );
      connection.answer(answer, request.seq, statuses, given, decided.revoked);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const empty = { statuses: [], cards: [], leases: [], revoked: [] };
      answer(frameOf({ seq: request.seq, retryAfterMs: RETRY_MS, ...empty }));
    }
  }

  /** Gives work to a session whose exchange was parked. */
  async serve(connection: Connection, leases: readonly Lease[]): Promise<void> {
    connection.unpark(await this.#travel(connection, leases));
  }

  /** When inputs cannot be read, their job is held with the reason: nothing is gained by more tries. */
  async #travel(connection: Connection, leases: readonly Lease[]) {
    try {
      return await this.#grants.travel(leases, connection.known);
    } catch (error) {
      this.#logger.error({ error }, 'the inputs of a lease cannot be read');
      const reason = `Its inputs cannot be read: ${error instanceof Error ? error.message : String(error)}`;
      for (const job of new Set(leases.map((lease) => lease.job))) await this.#hold(job, reason);
      return { cards: [], leases: [] };
    }
  }

  async #hold(number: number, reason: string): Promise<void> {
    const job = this.#runtime.scheduler.jobs.get(number);
    if (job === undefined || !isOpen(job)) return;
    await this.#runtime.run('source', (effects) => holdJob(job, reason, this.#runtime.now(), effects));
  }

  /** Throws ProblemError `exchange-malformed`. A report with a forged ticket becomes null. */
  #read(connection: Connection, frame: Uint8Array): { request: ExchangeRequest; reports: (Report | null)[] } {
    try {
      const request = decodeRequest(frame);
      return { request, reports: request.reports.map((report) => this.#readReport(connection, report)) };
    } catch (error) {
      if (error instanceof FrameError) throw new ProblemError('exchange-malformed', error.message);
      throw error;
    }
  }

  #readReport(connection: Connection, report: LeaseReport): Report | null {
    const { attempts } = report;
    const { epoch, number } = report.lease;
    if (report.ticket.byteLength === 0) return { epoch, lease: number, ticket: null, attempts };
    const ticket = verifyTicket(this.#secret, connection.session.device, report.ticket);
    const fits = ticket !== null && ticket.epoch === epoch && ticket.number === number;
    return fits ? { epoch, lease: number, ticket, attempts } : null;
  }
}
