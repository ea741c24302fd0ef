import type {
  AttemptReport,
  Encoding,
  LeaseRef,
  ResultBlob,
  ResultOffer,
  ResultPermit,
  ResultReceipt,
  Sha256,
} from '@gossamer/protocol';
import { encodeResultBlob, inBlob, joinReceipt, resultEncoding, resultOutcome } from '@gossamer/protocol';
import { hex } from '../blobs.ts';
import type { LeaseKey } from '../exchange/lease-key.ts';
import { releaseReport } from '../outcomes.ts';

/** Results that are sent at a time: one alone would leave the line idle while the coordinator writes it to its disk. */
const AT_ONCE = 2;
/** While so many bytes wait to be sent no more work is asked for: they are all in this tab's memory. */
const BACKLOG_BYTES = 128 * 1024 * 1024;
/** A try that failed is followed by another after this time, ms; doubled each time, half to one and a half of it. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** So often what should not go wrong may, before the attempt is given back. */
const FAULTS = 5;

/** Answers that say that it is no use; what is not here is tried again as long as the attempt is held. */
const HOPELESS = new Set(['body-too-large', 'quota-exceeded', 'request-invalid']);
/** Answers that may be due to a start of the coordinator, to a bad line, or to an attempt that is not ours any more. */
const FAULTY = new Set(['attempt-unknown', 'blob-mismatch', 'internal']);

export interface LargeResultsParts {
  /** Asks the session for a permit; rejects with a code while there is none. */
  offer(offer: ResultOffer): Promise<ResultPermit>;
  send(
    blob: ResultBlob,
    body: Uint8Array<ArrayBuffer>,
    permit: ResultPermit,
    signal: AbortSignal,
  ): Promise<ResultReceipt>;
  /** What came of an attempt in the end: its result's name with the receipt, or that it is given back. */
  record(key: LeaseKey, report: AttemptReport): void;
  random(): number;
}

interface Item {
  key: LeaseKey;
  ref: LeaseRef;
  /** As the program returned it. */
  report: AttemptReport;
  abort: AbortController;
}

/** The code of the problem that an offer, or what was sent, was answered with. */
const codeOf = (error: unknown): string | null => {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
};

const sha256Of = async (bytes: Uint8Array<ArrayBuffer>): Promise<Sha256> =>
  hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))) as Sha256;

/** Results that are too large for an exchange: some are sent at a time, the others wait, and each is tried until it got there. */
export class LargeResults {
  readonly #parts: LargeResultsParts;
  readonly #waiting: Item[] = [];
  readonly #sending = new Set<Item>();

  constructor(parts: LargeResultsParts) {
    this.#parts = parts;
  }

  /** Results that are not sent yet. */
  get unsent(): number {
    return this.#waiting.length + this.#sending.size;
  }

  /** There is so much to send that more work would only fill the memory. */
  get isFull(): boolean {
    let bytes = 0;
    for (const { report } of [...this.#waiting, ...this.#sending]) bytes += report.body.byteLength;
    return bytes >= BACKLOG_BYTES;
  }

  add(key: LeaseKey, ref: LeaseRef, report: AttemptReport): void {
    this.#waiting.push({ key, ref, report, abort: new AbortController() });
    this.#fill();
  }

  /** The lease is of no more use: nothing of it is sent. */
  drop(key: LeaseKey): void {
    for (const item of this.#all()) if (item.key === key) this.#end(item);
    this.#fill();
  }

  /** Gives back what is not sent yet. */
  giveBack(reason: string): void {
    for (const item of this.#all()) {
      this.#end(item);
      this.#parts.record(item.key, releaseReport(item.report.offset, reason));
    }
  }

  #all(): Item[] {
    return [...this.#sending, ...this.#waiting];
  }

  #end(item: Item): void {
    const at = this.#waiting.indexOf(item);
    if (at !== -1) this.#waiting.splice(at, 1);
    this.#sending.delete(item);
    item.abort.abort();
  }

  #fill(): void {
    while (this.#sending.size < AT_ONCE) {
      const item = this.#waiting.shift();
      if (item === undefined) return;
      this.#sending.add(item);
      void this.#handle(item);
    }
  }

  async #handle(item: Item): Promise<void> {
    const { key, report, abort } = item;
    const made = await this.#deliver(item).catch((error: unknown) =>
      releaseReport(
        report.offset,
        `its result could not be sent: ${error instanceof Error ? error.message : String(error)}`,
      ),
    );
    if (abort.signal.aborted) return;
    this.#sending.delete(item);
    this.#parts.record(key, made);
    this.#fill();
  }

  /** Tries until it is there; rejects where that is no use, or after an abort. */
  async #deliver({ ref, report, abort: { signal } }: Item): Promise<AttemptReport> {
    const { offset, runMs } = report;
    const body = report.body as Uint8Array<ArrayBuffer>;
    const blob = { sha256: await sha256Of(body), size: body.byteLength };
    const offer = { epoch: ref.epoch, lease: ref.number, offset, ...blob };
    let faults = 0;
    for (let tries = 0; ; tries++) {
      try {
        const permit = await this.#parts.offer(offer);
        signal.throwIfAborted();
        const { receipt } = await this.#parts.send(blob, body, permit, signal);
        const proof = Uint8Array.from(atob(receipt), (character) => character.charCodeAt(0));
        const encoding = inBlob(resultEncoding(report.outcome) as Encoding);
        return { offset, runMs, outcome: resultOutcome(encoding), body: joinReceipt(encodeResultBlob(blob), proof) };
      } catch (error) {
        signal.throwIfAborted();
        const code = codeOf(error);
        if (code !== null && FAULTY.has(code)) faults += 1;
        if ((code !== null && HOPELESS.has(code)) || faults === FAULTS) throw error;
      }
      await this.#wait(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries), signal);
      signal.throwIfAborted();
    }
  }

  #wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms * (0.5 + this.#parts.random()));
      signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
  }
}
