/** At most one call a job in so many ms; the last change is always told. */
const TELL_MS = 200;

/** Tells listeners that a job has changed, thinned out. */
export class Watchers {
  readonly #byJob = new Map<number, Set<() => void>>();
  readonly #all = new Set<(job: number) => void>();
  readonly #changed = new Set<number>();
  #timer: NodeJS.Timeout | null = null;

  watch(job: number, listener: () => void): () => void {
    const listeners = this.#byJob.get(job) ?? new Set();
    this.#byJob.set(job, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#byJob.delete(job);
    };
  }

  /** Whether somebody follows it by itself. */
  isWatched(job: number): boolean {
    return this.#byJob.has(job);
  }

  watchAll(listener: (job: number) => void): () => void {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }

  changed(job: number): void {
    if (this.#all.size === 0 && !this.#byJob.has(job)) return;
    this.#changed.add(job);
    this.#timer ??= setTimeout(() => this.#tell(), TELL_MS);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #tell(): void {
    this.#timer = null;
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const job of changed) {
      for (const listener of this.#byJob.get(job) ?? []) listener();
      for (const listener of this.#all) listener(job);
    }
  }
}
