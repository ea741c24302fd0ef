import type { AppendOutcome, LogStore, Segment, Stores } from '@gossamer/store';

/** What becomes of one append: it is made, or fails; before its log has it, or after. */
export type Fault = { kind: 'ok' } | { kind: 'fail'; error: Error; written: boolean } | { kind: 'fenced' };

/** A log whose appends wait for the test, or fail by its order. Everything else goes through. */
export class FaultyLog {
  readonly stores: Stores;
  /** Appends that wait: each is let go with its fault. */
  readonly held: { segments: readonly Segment[]; go: (fault: Fault) => void }[] = [];
  /** Hold appends back, from now on. */
  holding = false;
  /** Faults of the next appends, in order. */
  readonly faults: Fault[] = [];
  /** Errors of the next claims, in order. */
  readonly claimErrors: Error[] = [];
  appends = 0;
  /** How long every append takes at least, ms. */
  delayMs = 0;

  constructor(stores: Stores) {
    const { log } = stores;
    const append: LogStore['append'] = async (segments, options) => {
      this.appends += 1;
      const fault = await this.#fault(segments);
      if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
      if (fault.kind === 'fenced') return segments.map((): AppendOutcome => 'fenced');
      if (fault.kind === 'ok' || fault.written) {
        const outcomes = await log.append(segments, options);
        if (fault.kind === 'ok') return outcomes;
      }
      throw fault.error;
    };
    const claim: LogStore['claim'] = async (shard, seen) => {
      const error = this.claimErrors.shift();
      if (error !== undefined) throw error;
      return log.claim(shard, seen);
    };
    const faulty = new Proxy(log, {
      get: (target, name) => {
        if (name === 'append') return append;
        if (name === 'claim') return claim;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
      },
    });
    this.stores = { ...stores, log: faulty };
  }

  /** Lets everything go that is held, and holds nothing more. */
  flow(): void {
    this.holding = false;
    for (const { go } of this.held.splice(0)) go({ kind: 'ok' });
  }

  #fault(segments: readonly Segment[]): Promise<Fault> | Fault {
    const fault = this.faults.shift();
    if (fault !== undefined) return fault;
    if (!this.holding) return { kind: 'ok' };
    return new Promise((go) => this.held.push({ segments, go }));
  }
}
