import { grown } from './columns.ts';

/** Durable states of an attempt; one that is leased, expired or abandoned has no record. */
export const ATTEMPT = { returned: 0, valid: 1, invalid: 2, inconclusive: 3, errored: 4, revoked: 5 } as const;
export type AttemptCode = (typeof ATTEMPT)[keyof typeof ATTEMPT];

const NONE = -1;
const CEILING = 0x7fff_ffff;

/** Attempts that came back, as a struct of arrays: 23 bytes each; those of one unit are a linked list. */
export class AttemptTable {
  #length = 0;
  unit = new Uint32Array(0);
  device = new Uint32Array(0);
  epoch = new Uint32Array(0);
  lease = new Uint32Array(0);
  offset = new Uint16Array(0);
  state = new Uint8Array(0);
  next = new Int32Array(0);

  get length(): number {
    return this.#length;
  }

  /** Adds a record at the end of the list that starts at `head`; gives its place, which is the list's new head if there was none. */
  add(
    head: number,
    unit: number,
    device: number,
    epoch: number,
    lease: number,
    offset: number,
    state: AttemptCode,
  ): number {
    const at = this.#length;
    if (at === this.unit.length) this.#grow(at + 1);
    this.#length = at + 1;
    this.unit[at] = unit;
    this.device[at] = device;
    this.epoch[at] = epoch;
    this.lease[at] = lease;
    this.offset[at] = offset;
    this.state[at] = state;
    this.next[at] = NONE;
    if (head !== NONE) {
      let last = head;
      while (this.next[last] !== NONE) last = this.next[last]!;
      this.next[last] = at;
    }
    return at;
  }

  /** The records of one unit, oldest first: the position in the list is the attempt's ordinal. */
  *list(head: number): Generator<number> {
    for (let at = head; at !== NONE; at = this.next[at]!) yield at;
  }

  /** Position of an attempt in its unit's list, which starts at `head`. */
  ordinalOf(head: number, attempt: number): number {
    let ordinal = 0;
    for (let at = head; at !== attempt; at = this.next[at]!) ordinal += 1;
    return ordinal;
  }

  nth(head: number, ordinal: number): number {
    let at = head;
    for (let n = ordinal; n > 0 && at !== NONE; n--) at = this.next[at]!;
    return at;
  }

  find(head: number, epoch: number, lease: number, offset: number): number {
    for (let at = head; at !== NONE; at = this.next[at]!) {
      if (this.epoch[at] === epoch && this.lease[at] === lease && this.offset[at] === offset) return at;
    }
    return NONE;
  }

  #grow(length: number): void {
    this.unit = grown(this.unit, length, CEILING);
    this.device = grown(this.device, length, CEILING);
    this.epoch = grown(this.epoch, length, CEILING);
    this.lease = grown(this.lease, length, CEILING);
    this.offset = grown(this.offset, length, CEILING);
    this.state = grown(this.state, length, CEILING);
    this.next = grown(this.next, length, CEILING);
  }
}
