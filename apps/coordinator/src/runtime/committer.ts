import { ProblemError } from '@gossamer/protocol';
import type { LogStore, Segment } from '@gossamer/store';
import { StorageFull } from '@gossamer/store';
import { joinSegments } from './join-segments.ts';

/** Why a commit did not take place, or may not have. The shard must be read again before it is served. */
export type CommitFailure = 'full' | 'fenced' | 'unknown';

export class CommitError extends Error {
  override readonly name = 'CommitError';
  readonly failure: CommitFailure;

  constructor(failure: CommitFailure, cause?: unknown) {
    super(`the commit failed: ${failure}`, { cause });
    this.failure = failure;
  }
}

/** What a client is told when facts could not be written: `storage-full`, else `unavailable`. */
export const asProblem = (error: unknown): ProblemError => {
  if (error instanceof ProblemError) return error;
  const full = error instanceof StorageFull || (error instanceof CommitError && error.failure === 'full');
  return full ? new ProblemError('storage-full') : new ProblemError('unavailable', 'the facts could not be written');
};

interface Waiting {
  segment: Segment;
  isJoinable: boolean;
  resolve: () => void;
  reject: (error: CommitError) => void;
}

const failureOf = (error: unknown): CommitFailure => (error instanceof StorageFull ? 'full' : 'unknown');

const nothing = (): void => {};

/**
 * The one commit loop: at most one append is in flight; whatever arrives meanwhile goes into the next one. A commit
 * begins as soon as the writer is free, never by a timer.
 */
export class Committer {
  readonly #log: LogStore;
  #waiting: Waiting[] = [];
  #inFlight = false;
  #failures = 0;
  #commits = 0;
  #settled: Promise<void> = Promise.resolve();

  constructor(log: LogStore) {
    this.#log = log;
  }

  /**
   * Resolves when the segment is on disk; rejects with CommitError. A joinable one may be written as one with those of
   * its shard that follow it in the same commit: a body's readers must take several, one after the other.
   */
  commit(segment: Segment, isJoinable = false): Promise<void> {
    const done = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ segment, isJoinable, resolve, reject });
    });
    this.#settled = done.then(nothing, nothing);
    if (!this.#inFlight) void this.#run();
    return done;
  }

  /** Appends so far. */
  get commits(): number {
    return this.#commits;
  }

  /** How many segments could not be written so far, or may not have been. */
  get failures(): number {
    return this.#failures;
  }

  /** Resolves when all that was handed in until now is decided, well or not: `failures` tells. */
  settled(): Promise<void> {
    return this.#settled;
  }

  /** Nothing waits and nothing is in flight. */
  get idle(): boolean {
    return !this.#inFlight && this.#waiting.length === 0;
  }

  async #run(): Promise<void> {
    this.#inFlight = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      this.#commits += 1;
      try {
        const joined = joinSegments(batch);
        // Nobody else has these bytes.
        const outcomes = await this.#log.append(
          joined.map(({ segment }) => segment),
          { transfer: true },
        );
        joined.forEach(({ members }, i) => {
          for (const { resolve, reject } of members) {
            if (outcomes[i] === 'ok') resolve();
            else reject(new CommitError('fenced'));
          }
          if (outcomes[i] !== 'ok') this.#failures += members.length;
        });
      } catch (error) {
        const failure = failureOf(error);
        this.#failures += batch.length;
        for (const { reject } of batch) reject(new CommitError(failure, error));
      }
    }
    this.#inFlight = false;
  }
}
