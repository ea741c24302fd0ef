import type { Held, Lease, Report, Session } from '@gossamer/core';
import { exchange, hearFrom, holdJob, isOpen, unpark } from '@gossamer/core';
import type { ExchangeRequest, HeldLease, LeaseReport, LeaseTicket } from '@gossamer/protocol';
import { decodeRequest, FrameError, seqOf, LIMITS, ProblemError, REPORT_STATUS } from '@gossamer/protocol';
import type { Logger } from 'pino';
import { countLarge, type ProvedReports, proveReports } from '../large-results/prove-reports.ts';
import type { AttemptPlace } from '../large-results/receipts.ts';
import { verifyTicket } from '../runtime/mac.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { BlobPins } from '../upkeep/blob-pins.ts';
import type { BlobStore } from '@gossamer/store';
import type { LoadShedder, Admitted } from './load-shedder.ts';
import type { ExchangeMetrics } from './exchange-metrics.ts';
import type { Answer, Connection, Given } from './connection.ts';
import { frameOf } from './connection.ts';
import { bytesOf, type Grants } from './grants.ts';
import type { GatewayLimits } from './limits.ts';

/** An exchange without work waits so long, ms; then the tab asks again, which tells both that the other is there. */
const PARK_MS = 25_000;
/** What a tab is told to wait when nothing can be written now, ms. */
const RETRY_MS = 1000;
/** What one answer gives out, bytes; a lease is at most about half a frame, and at least one travels. */
const ANSWER_BYTES = LIMITS.frame / 2;

/** So many results or held leases cost as much as a message. */
const ENTRIES = 64;
const NOTHING: Given = { cards: [], leases: [], met: [], cardsAge: 0 };

const asMalformed = (error: unknown): unknown =>
  error instanceof FrameError ? new ProblemError('exchange-malformed', error.message) : error;

export interface ExchangeParts {
  runtime: Runtime;
  grants: Grants;
  /** The key of tickets' MACs. */
  secret: Uint8Array;
  logger: Logger;
  shedder: LoadShedder;
  metrics: ExchangeMetrics;
  limits: GatewayLimits;
  blobs: BlobStore;
  pins: BlobPins;
  /** To be called when the report of a large result is on disk. */
  reported: (place: AttemptPlace) => void;
}

/** Handles the one hot message. */
export class Exchanges {
  readonly #runtime: Runtime;
  readonly #grants: Grants;
  readonly #secret: Uint8Array;
  readonly #logger: Logger;
  readonly #shedder: LoadShedder;
  readonly #metrics: ExchangeMetrics;
  readonly #limits: GatewayLimits;
  readonly #large: Pick<ExchangeParts, 'secret' | 'blobs' | 'pins' | 'reported'>;

  constructor({ runtime, grants, secret, logger, shedder, metrics, limits, blobs, pins, reported }: ExchangeParts) {
    this.#runtime = runtime;
    this.#grants = grants;
    this.#secret = secret;
    this.#logger = logger;
    this.#shedder = shedder;
    this.#metrics = metrics;
    this.#limits = limits;
    this.#large = { secret, blobs, pins, reported };
  }

  /** Throws ProblemError `exchange-malformed`. `answer` is called once: now, or when there is work. */
  async take(connection: Connection, frame: Uint8Array, answer: Answer): Promise<void> {
    // Many of one session would take the turns of others.
    const isOneTooMany = connection.underWay >= this.#limits.exchanges;
    const admitted = isOneTooMany ? null : this.#shedder.enter(frame.byteLength);
    if (admitted === null) return this.#refuse(connection, frame, answer);
    connection.underWay += 1;
    try {
      await this.#take(connection, frame, answer, admitted);
    } finally {
      connection.underWay -= 1;
      this.#shedder.leave(admitted);
    }
  }

  /** There is too much to do: the tab keeps what it has and comes again. Its leases must not run out meanwhile. */
  #refuse(connection: Connection, frame: Uint8Array, answer: Answer): void {
    hearFrom(this.#runtime.scheduler, connection.session, this.#runtime.now());
    try {
      this.#defer(answer, seqOf(frame), this.#shedder.retryAfterMs);
    } catch (error) {
      throw asMalformed(error);
    }
  }

  #defer(answer: Answer, seq: number, retryAfterMs: number): void {
    answer(frameOf({ seq, retryAfterMs, statuses: [], cards: [], leases: [], revoked: [] }));
  }

  async #take(connection: Connection, frame: Uint8Array, answer: Answer, admitted: Admitted): Promise<void> {
    const { request, reports: told } = this.#read(connection, frame);
    const { session } = connection;
    const { scheduler } = this.#runtime;
    // Without an await where there is none: most exchanges are decided in the turn in which they came.
    const proving = this.#prove(connection, told);
    const large = proving === null ? null : await proving;
    const reports = large?.reports ?? told;
    const slots = Math.max(0, request.slots - connection.owed.length);
    const command = {
      slots,
      held: this.#readHeld(connection, request.held),
      reports: reports.filter((report) => report !== null),
    };
    connection.unpark();
    const cause = `exchange:${session.device}:${scheduler.options.epoch}:${session.number}:${request.seq}`;
    let waits = false;
    let granted: Lease[] = [];
    try {
      const decided = await this.#runtime.run(cause, (effects) => {
        const made = exchange(scheduler, session, command, this.#runtime.now(), effects);
        granted = made.granted;
        // Reports are acknowledged at once, even when there is no work: the tab may drop them then.
        const hasNews = request.reports.length > 0 || made.revoked.length > 0 || effects.facts.size > 0;
        waits = made.parked && !hasNews && connection.owed.length === 0;
        // In the same turn: otherwise the scheduler could serve an exchange that nobody holds yet.
        if (waits) {
          this.#park(connection, session, request.seq, answer);
          this.#shedder.leave(admitted);
        } else unpark(scheduler, session);
        return made;
      });
      if (waits) return;
      connection.owed.push(...granted);
      // A program that takes its time over the inputs of its job keeps nobody else from being heard.
      if (connection.owed.some(({ job }) => this.#grants.asksProgram(job))) this.#shedder.leave(admitted);
      const given = await this.#giveOwed(connection);
      const decidedOn = decided.statuses.values();
      const statuses = reports.map((report) =>
        report === null ? REPORT_STATUS.refused : (decidedOn.next().value ?? REPORT_STATUS.refused),
      );
      for (const { report, place } of large?.sent ?? []) {
        if (statuses[report] === REPORT_STATUS.accepted) this.#large.reported(place);
      }
      connection.answer(answer, request.seq, statuses, given, decided.revoked);
      this.#metrics.answered(performance.now() - admitted.at);
    } catch (error) {
      if (waits) return;
      unpark(scheduler, session);
      connection.owed.push(...granted);
      if (!(error instanceof ProblemError)) throw error;
      this.#defer(answer, request.seq, RETRY_MS);
    } finally {
      large?.letGo();
    }
  }

  /**
   * Null where no large result is reported. Each costs as much as a message, as it is looked for on the disk. Meanwhile the
   * device may have been forgotten: throws ProblemError `session-unknown`.
   */
  #prove(connection: Connection, told: readonly (Report | null)[]): Promise<ProvedReports> | null {
    const count = countLarge(told);
    if (count === 0) return null;
    connection.flow.spend(count);
    return this.#proved(connection.session, told);
  }

  async #proved({ device }: Session, told: readonly (Report | null)[]): Promise<ProvedReports> {
    const proved = await proveReports(this.#large, device, told);
    if (this.#runtime.scheduler.devices.has(device)) return proved;
    proved.letGo();
    throw new ProblemError('session-unknown');
  }

  /** Gives work to a session whose exchange was parked; when none is by now, with its next answer. */
  async serve(connection: Connection, leases: readonly Lease[]): Promise<void> {
    connection.owed.push(...leases);
    const parked = connection.takeParked();
    if (parked === null) return;
    unpark(this.#runtime.scheduler, connection.session);
    // While a log is read again nothing is given out; the tab asks anew, and is told to wait.
    const given = this.#runtime.steady ? await this.#giveOwed(connection) : undefined;
    connection.answer(parked.answer, parked.seq, [], given);
  }

  #park(connection: Connection, session: Session, seq: number, answer: Answer): void {
    connection.park(seq, answer, PARK_MS, () => {
      unpark(this.#runtime.scheduler, session);
      connection.unpark();
    });
  }

  /** Makes what is owed ready to travel, as much as fits one frame; leases that are over meanwhile are left out. */
  async #giveOwed(connection: Connection): Promise<Given> {
    // Who does not read gets nothing to read: what is owed goes with a later answer.
    if (connection.flow.backlogBytes > this.#limits.backlogBytes) return NOTHING;
    const owed = connection.owed.splice(0);
    const given: Given = { cards: [], leases: [], met: [], cardsAge: connection.cardsAge };
    let bytes = 0;
    while (owed.length > 0 && (bytes === 0 || bytes < ANSWER_BYTES)) {
      const lease = owed.shift()!;
      if (this.#runtime.scheduler.leases.get(lease.number) !== lease) continue;
      try {
        const { grant, card } = await this.#grants.travel(
          lease,
          connection.knows(lease.job) || given.met.includes(lease.job),
        );
        if (bytes > 0 && bytes + bytesOf(grant) > ANSWER_BYTES) {
          owed.unshift(lease);
          break;
        }
        if (card !== null) given.cards.push(card);
        given.met.push(lease.job);
        given.leases.push(grant);
        bytes += bytesOf(grant);
      } catch (error) {
        await this.#hold(lease.job, error);
      }
    }
    connection.owed.unshift(...owed);
    return given;
  }

  /** When inputs cannot be read, their job is held with the reason: nothing is gained by more tries. */
  async #hold(number: number, error: unknown): Promise<void> {
    this.#logger.error({ error, jobNumber: number }, 'the inputs of a lease cannot be read');
    const job = this.#runtime.scheduler.jobs.get(number);
    if (job === undefined || !isOpen(job)) return;
    const reason = `Its inputs cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    await this.#runtime.run('source', (effects) => holdJob(job, reason, this.#runtime.now(), effects));
  }

  /** Throws ProblemError `exchange-malformed`. A report with a forged ticket becomes null. */
  #read(connection: Connection, frame: Uint8Array): { request: ExchangeRequest; reports: (Report | null)[] } {
    try {
      const request = decodeRequest(frame);
      const entries = request.reports.reduce((sum, { attempts }) => sum + attempts.length, request.held.length);
      connection.flow.spend(entries / ENTRIES);
      return { request, reports: request.reports.map((report) => this.#readReport(connection, report)) };
    } catch (error) {
      throw asMalformed(error);
    }
  }

  /** Most leases are of this start, and come without a ticket. */
  #readHeld(connection: Connection, held: readonly HeldLease[]): Held[] {
    return held.map(({ lease, runMs, ticket: bytes }) => {
      const ticket = bytes.byteLength === 0 ? null : this.#verified(connection, bytes);
      const fits = ticket?.epoch === lease.epoch && ticket.number === lease.number;
      return { lease, runMs, ticket: fits ? ticket : null };
    });
  }

  #readReport(connection: Connection, report: LeaseReport): Report | null {
    const { attempts } = report;
    const { epoch, number } = report.lease;
    if (report.ticket.byteLength === 0) return { epoch, lease: number, ticket: null, attempts };
    const ticket = this.#verified(connection, report.ticket);
    const fits = ticket !== null && ticket.epoch === epoch && ticket.number === number;
    return fits ? { epoch, lease: number, ticket, attempts } : null;
  }

  /** One that cannot be read was never issued, like one with a wrong MAC: it refuses its own report only. */
  #verified(connection: Connection, bytes: Uint8Array): LeaseTicket | null {
    try {
      return verifyTicket(this.#secret, connection.session.device, bytes);
    } catch (error) {
      if (error instanceof FrameError) return null;
      throw error;
    }
  }
}
