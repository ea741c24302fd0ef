/** What is done of the same thing is done in turn; who comes cuts the one before short, where that can be. */
export class Turns {
  readonly #last = new Map<string, { over: Promise<unknown>; cut: (() => void) | null }>();

  isTaken(id: string): boolean {
    return this.#last.has(id);
  }

  /** @param cut makes `work` end early, with an error */
  take<Value>(id: string, cut: (() => void) | null, work: () => Promise<Value>): Promise<Value> {
    const before = this.#last.get(id);
    before?.cut?.();
    const mine = before === undefined ? work() : before.over.then(work);
    const turn = { over: mine.catch(() => undefined), cut };
    this.#last.set(id, turn);
    void turn.over.then(() => {
      if (this.#last.get(id) === turn) this.#last.delete(id);
    });
    return mine;
  }
}
