/** The last values that were asked for, by key, at most so many; one that could not be made is asked for again. */
export class Memo<Key, Value> {
  readonly #limit: number;
  readonly #kept = new Map<Key, Promise<Value>>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: Key, make: () => Promise<Value>): Promise<Value> {
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#kept.set(key, made);
    made.catch(() => this.#kept.delete(key));
    if (this.#kept.size > this.#limit) this.#kept.delete(this.#kept.keys().next().value!);
    return made;
  }
}
