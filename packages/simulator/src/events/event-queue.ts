const BRANCHES = 4;
const START = 1024;

/**
 * Events by time, and those of one time in the order in which they were put in. A heap with four branches over plain
 * numbers: nothing is allocated for an event, and the fields of the one that is due are read from the queue itself.
 */
export class EventQueue {
  /** The event that `next` took out. */
  time = 0;
  kind = 0;
  subject = 0;
  stamp = 0;

  #size = 0;
  #sequence = 0;
  /** The heap: times, what breaks their ties, and the slot that holds the rest. */
  #times = new Float64Array(START);
  #order = new Float64Array(START);
  #slots = new Int32Array(START);
  /** By slot. */
  #kinds = new Uint8Array(START);
  #subjects = new Uint32Array(START);
  #stamps = new Float64Array(START);
  #free: number[] = [];
  #used = 0;

  get size(): number {
    return this.#size;
  }

  /** `subject` has 32 bits, `kind` 8; `stamp` is any number. */
  push(time: number, kind: number, subject: number, stamp: number): void {
    if (this.#size === this.#times.length) this.#grow();
    const slot = this.#free.pop() ?? this.#used++;
    this.#kinds[slot] = kind;
    this.#subjects[slot] = subject;
    this.#stamps[slot] = stamp;
    this.#rise(this.#size++, time, this.#sequence++, slot);
  }

  /** When the next event is due; infinity when there is none. */
  get due(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : this.#times[0]!;
  }

  /** Takes the next event out; false when there is none. */
  next(): boolean {
    if (this.#size === 0) return false;
    const slot = this.#slots[0]!;
    this.time = this.#times[0]!;
    this.kind = this.#kinds[slot]!;
    this.subject = this.#subjects[slot]!;
    this.stamp = this.#stamps[slot]!;
    this.#free.push(slot);
    const last = --this.#size;
    if (last > 0) this.#sink(this.#times[last]!, this.#order[last]!, this.#slots[last]!);
    return true;
  }

  #rise(from: number, time: number, order: number, slot: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      // What was put in later never passes one of the same time.
      if (this.#times[parent]! <= time) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(at, time, order, slot);
  }

  #sink(time: number, order: number, slot: number): void {
    let at = 0;
    for (;;) {
      const first = at * BRANCHES + 1;
      if (first >= this.#size) break;
      const end = Math.min(first + BRANCHES, this.#size);
      let least = first;
      for (let child = first + 1; child < end; child++) if (this.#before(child, least)) least = child;
      const leastTime = this.#times[least]!;
      if (leastTime > time || (leastTime === time && this.#order[least]! > order)) break;
      this.#move(least, at);
      at = least;
    }
    this.#put(at, time, order, slot);
  }

  #before(a: number, b: number): boolean {
    const [first, second] = [this.#times[a]!, this.#times[b]!];
    return first < second || (first === second && this.#order[a]! < this.#order[b]!);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#times[from]!, this.#order[from]!, this.#slots[from]!);
  }

  #put(at: number, time: number, order: number, slot: number): void {
    this.#times[at] = time;
    this.#order[at] = order;
    this.#slots[at] = slot;
  }

  #grow(): void {
    const length = this.#times.length * 2;
    const grown = <C extends Float64Array | Int32Array | Uint32Array | Uint8Array>(column: C): C => {
      const next = new (column.constructor as new (size: number) => C)(length);
      next.set(column);
      return next;
    };
    this.#times = grown(this.#times);
    this.#order = grown(this.#order);
    this.#slots = grown(this.#slots);
    this.#kinds = grown(this.#kinds);
    this.#subjects = grown(this.#subjects);
    this.#stamps = grown(this.#stamps);
  }
}
