import { hasEd25519 } from '@gossamer/program';
import type { AttemptReport, ExchangeResponse, SigningKey, Standing } from '@gossamer/protocol';
import { decodeResponse, OUTCOME } from '@gossamer/protocol';
import type { Connection, EngineOptions, Farewell, PageApi, ProgramView, Snapshot, Tally } from '../shared/snapshot.ts';
import { Crew } from './crew/crew.ts';
import { SharedData } from './data/shared-data.ts';
import { forgetDeviceKey, openDeviceKey } from './device-key.ts';
import { standForElection } from './election.ts';
import type { LeaseKey } from './exchange/lease-key.ts';
import { leaseKey } from './exchange/lease-key.ts';
import { ExchangeLoop } from './exchange/loop.ts';
import { Frames } from './frames.ts';
import { Cards } from './leases.ts';
import { LargeResults } from './large-results/large-results.ts';
import { sendResult } from './large-results/send-result.ts';
import { isLarge, releaseReport } from './outcomes.ts';
import { Pictures } from './pictures.ts';
import { browserPin, forgetPin } from './pin-store.ts';
import { PinnedKey } from './pinned-key.ts';
import { programView } from './program-view.ts';
import { Programs } from './programs.ts';
import { Publisher } from './publisher.ts';
import { recordText } from './record.ts';
import { Refusals } from './refusals.ts';
import { Session } from './session.ts';
import { Vetting } from './vetting.ts';

/** Where there is no GPU, what the page draws is drawn by the processor that computes units. */
const SNAPSHOT_MS = 1000;
const TICK_MS = 250;
/** Work is not asked for after this tab could not run some, ms; doubled each time it happens again. */
const TROUBLE_MS = 3000;
const TROUBLE_MAX_MS = 60_000;
/** Time that leaving waits for the coordinator to hear of what is given back, ms. */
const FAREWELL_MS = 2000;

/** A coordinator's key that this page was built for; null: the first one that is met counts. */
const BUILT_KEY = (__COORDINATOR_KEY__ || null) as SigningKey | null;

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Device, session, exchanges and crew of one computing tab, put together. */
export class Engine {
  readonly #page: PageApi;
  readonly #options: EngineOptions;
  readonly #cards = new Cards();
  readonly #programs = new Programs();
  readonly #data = new SharedData();
  readonly #refusals = new Refusals();
  readonly #vetting: Vetting;
  readonly #loop: ExchangeLoop;
  readonly #crew: Crew;
  readonly #large: LargeResults;
  readonly #publisher: Publisher;
  readonly #away = new AbortController();
  readonly #tally: Tally = { returned: 0, errored: 0, overran: 0 };
  #session: Session | undefined;
  #isConnecting = false;
  #device: string | null = null;
  #connection: Connection = { kind: 'connecting' };
  #standing: Standing | null = null;
  #trouble: string | null = null;
  #troubleMs = TROUBLE_MS;

  constructor(page: PageApi, options: EngineOptions) {
    this.#page = page;
    this.#options = { ...options };
    this.#publisher = new Publisher(SNAPSHOT_MS, () => this.#page.snapshot(this.#snapshot()));
    this.#vetting = new Vetting(new PinnedKey(browserPin, BUILT_KEY), options.playground);
    const pictures = new Pictures(page);
    this.#loop = new ExchangeLoop({
      clock: () => performance.now(),
      random: () => Math.random(),
      send: (bytes) => this.#session!.exchange(bytes),
      wanted: () => (this.#options.paused || this.#large.isFull ? 0 : this.#crew.wanted()),
      runMs: (key) => this.#crew.runMs(key),
      answered: (response) => this.#answered(response),
      refused: (error) => {
        this.#trouble = `An exchange with the coordinator failed, and is tried again: ${textOf(error)}.`;
        this.#publisher.changed();
      },
      stuck: () => this.#session!.restart(),
    });
    this.#large = new LargeResults({
      offer: (offer) => this.#session!.offer(offer),
      send: sendResult,
      record: (key, report) => {
        this.#loop.record(key, report);
        this.#loop.flush();
        this.#publisher.changed();
      },
      random: () => Math.random(),
    });
    this.#crew = new Crew(
      { vetting: this.#vetting, programs: this.#programs, frames: new Frames(page), data: this.#data },
      {
        record: (key, report) => this.#record(key, report),
        over: (key, reason) => {
          if (reason !== null) {
            for (const offset of this.#loop.book.missing(key)) this.#loop.record(key, releaseReport(offset, reason));
          }
          this.#loop.book.close(key);
          this.#loop.flush();
          this.#publisher.changed();
        },
        trouble: (text) => {
          this.#trouble = text;
          this.#rest();
        },
        refused: (card, refusal) => {
          this.#session?.refuse(this.#refusals.note(card, refusal));
          this.#rest();
        },
        picture: (picture) => pictures.show(picture),
        changed: () => {
          this.#publisher.changed();
          this.#loop.poke();
        },
      },
    );
    this.#crew.setSlots(options.slots);
  }

  /** Stands for election among the tabs; connects when elected. Settles when the engine has left. */
  async start(): Promise<void> {
    await standForElection(
      { elected: () => this.#connect(), elsewhere: () => this.#setConnection({ kind: 'elsewhere' }) },
      this.#away.signal,
    );
  }

  setSlots(slots: number): void {
    this.#options.slots = slots;
    if (this.#session !== undefined) this.#session.slots = slots;
    this.#crew.setSlots(slots);
    this.#publisher.changedNow();
  }

  setPlayground(playground: boolean): void {
    this.#vetting.playground = playground;
    this.#options.playground = playground;
    if (!playground) this.#crew.stopPlayground('the volunteer takes no such programs any more');
    if (this.#session !== undefined) this.#session.playground = playground;
  }

  async program(job: number): Promise<ProgramView | null> {
    const card = this.#cards.get(job);
    if (card === null) return null;
    await this.#vetting.require(card);
    return programView(card, await this.#programs.get(card));
  }

  pause(): void {
    this.#options.paused = true;
    this.#crew.stopAll('paused');
    this.#loop.flush();
    this.#publisher.changedNow();
  }

  resume(): void {
    this.#options.paused = false;
    this.#loop.poke();
    this.#publisher.changedNow();
  }

  async leave(): Promise<void> {
    await this.#giveBack();
    this.#close();
  }

  /** Also from a tab that does not compute: it takes the other one's place for this. */
  async forget(): Promise<Farewell> {
    const opened = await this.#opened();
    await this.#giveBack();
    let grid: Farewell['grid'] = 'untold';
    if (opened) {
      grid = await this.#session!.forget().then(
        (erased) => (erased ? 'forgotten' : 'erasing'),
        () => 'untold',
      );
    }
    this.#close();
    await Promise.all([forgetDeviceKey(), forgetPin(), this.#data.forget()]);
    return { grid, device: this.#device };
  }

  async record(): Promise<string> {
    if (this.#session?.open !== true) throw new Error('the coordinator is not connected with this tab');
    return recordText(this.#session);
  }

  async #giveBack(): Promise<void> {
    this.pause();
    this.#large.giveBack('the tab leaves');
    const { book } = this.#loop;
    const patience = performance.now() + FAREWELL_MS;
    // What ran is given back when its cage has ended, a moment after it was told to; and what was asked for before may still be
    // given out until the coordinator has heard that no more is wanted.
    const isDue = (): boolean => book.inFlight + book.open + book.unacknowledged > 0;
    while (this.#session?.open === true && isDue() && performance.now() < patience) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Whether there is a session, after a short wait for it. */
  async #opened(): Promise<boolean> {
    this.pause();
    this.#connect();
    const patience = performance.now() + FAREWELL_MS;
    while (this.#session?.open !== true && performance.now() < patience) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return this.#session?.open === true;
  }

  #close(): void {
    this.#away.abort();
    this.#session?.close();
    this.#loop.lost();
  }

  #connect(): void {
    if (this.#isConnecting) return;
    this.#isConnecting = true;
    void this.#openSession();
  }

  async #openSession(): Promise<void> {
    this.#setConnection({ kind: 'connecting' });
    if (!(await hasEd25519())) return this.#setConnection({ kind: 'unable' });
    const key = await openDeviceKey();
    if (this.#away.signal.aborted) return;
    this.#session = new Session(key, this.#options, {
      connection: (connection) => this.#setConnection(connection),
      welcomed: (welcome) => {
        this.#cards.clear();
        this.#device = welcome.device;
        this.#standing = welcome.standing;
        this.#loop.open(welcome.epoch, welcome.heartbeatMs);
      },
      lost: () => this.#loop.lost(),
      standing: (standing) => {
        this.#standing = standing;
        this.#publisher.changed();
      },
      revoked: (bytes) => this.#revoke(decodeResponse(bytes)),
    });
    this.#session.connect();
    const timer = setInterval(() => this.#tick(), TICK_MS);
    this.#away.signal.addEventListener('abort', () => clearInterval(timer));
  }

  #tick(): void {
    this.#loop.poke();
    // While something runs its run time grows.
    if (this.#loop.book.open > 0) this.#publisher.changed();
  }

  #answered(response: ExchangeResponse): void {
    for (const { ref, ticket, work } of this.#cards.read(response)) {
      if (!this.#loop.book.grant(ref, ticket, work.indices.length)) continue;
      this.#crew.add(work);
      if (this.#options.paused) this.#crew.stop(work.key, 'paused');
    }
    this.#revoke(response);
  }

  #revoke({ revoked }: Pick<ExchangeResponse, 'revoked'>): void {
    for (const ref of revoked) {
      const key = leaseKey(ref);
      this.#crew.stop(key, null);
      this.#large.drop(key);
      this.#loop.book.abandon(key);
    }
  }

  #record(key: LeaseKey, report: AttemptReport): void {
    if (isLarge(report)) {
      const ref = this.#loop.book.promise(key, report.offset);
      if (ref !== null) this.#large.add(key, ref, report);
    } else this.#loop.record(key, report);
    if (report.outcome === OUTCOME.errored) this.#tally.errored++;
    else if (report.outcome === OUTCOME.overran) this.#tally.overran++;
    else {
      this.#tally.returned++;
      this.#trouble = null;
      this.#troubleMs = TROUBLE_MS;
    }
    this.#publisher.changed();
  }

  /** Asks for no work for a while, longer each time. */
  #rest(): void {
    this.#loop.holdOff(this.#troubleMs);
    this.#troubleMs = Math.min(TROUBLE_MAX_MS, this.#troubleMs * 2);
  }

  #setConnection(connection: Connection): void {
    if (this.#away.signal.aborted) return;
    this.#connection = connection;
    this.#publisher.changedNow();
  }

  #snapshot(): Snapshot {
    return {
      connection: this.#connection,
      paused: this.#options.paused,
      slots: this.#crew.views(),
      tally: { ...this.#tally },
      unsent: this.#loop.book.unacknowledged + this.#large.unsent,
      standing: this.#standing,
      refusals: this.#refusals.list,
      trouble: this.#trouble,
    };
  }
}
