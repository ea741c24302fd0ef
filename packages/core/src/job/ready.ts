import { grown } from './columns.ts';

/** `work`: whatever is missing. `checks`: results of credible devices that another one is to check. */
export const LANE = { work: 0, checks: 1 } as const;
export type Lane = (typeof LANE)[keyof typeof LANE];

/** Names a set of devices. Nearly always it is one, known by its number, so that no text is made of it. */
type Key = number | string;

const keyOf = (devices: number[]): Key => (devices.length === 1 ? devices[0]! : devices.sort((a, b) => a - b).join());

/** Units whose next attempt must go to a device independent of `devices`. */
export interface ReadyGroup {
  readonly id: number;
  readonly key: Key;
  readonly lane: Lane;
  readonly devices: readonly number[];
  queue: number[];
  /** Entries before it were taken. */
  at: number;
  /** Units that stand in it; a group of none is dropped. */
  live: number;
}

/** Entries that were taken are cut off a queue when they are this many, and the greater part of it. */
const SLACK = 1024;

/**
 * Units that want another attempt, grouped by the devices that take part in them already, so that a device that may
 * not have them passes over a whole group at once. A unit stands in at most one group; an entry of a group that the
 * unit has left since is stale and is dropped when it is met. Volatile.
 */
export class ReadyUnits {
  readonly #lanes = [new Map<Key, ReadyGroup>(), new Map<Key, ReadyGroup>()] as const;
  readonly #byId = new Map<number, ReadyGroup>();
  /** By unit: the id of its group, 0 when it stands in none. */
  #groupOf = new Uint32Array(0);
  #lastId = 0;
  readonly #sizes: [number, number] = [0, 0];

  /** Units that stand in a group. */
  get size(): number {
    return this.#sizes[0] + this.#sizes[1];
  }

  sizeOf(lane: Lane): number {
    return this.#sizes[lane];
  }

  /** The groups of a lane, as a live view. */
  groups(lane: Lane): IterableIterator<ReadyGroup> {
    return this.#lanes[lane].values();
  }

  /** Puts a unit into the group of `devices`, and out of the one in which it stood. */
  push(unit: number, devices: number[], lane: Lane = LANE.work): void {
    this.#groupOf = grown(this.#groupOf, unit + 1, 0xffff_ffff);
    const key = keyOf(devices);
    let group = this.#lanes[lane].get(key);
    if (group === undefined) {
      group = { id: ++this.#lastId, key, lane, devices, queue: [], at: 0, live: 0 };
      this.#lanes[lane].set(key, group);
      this.#byId.set(group.id, group);
    }
    if (this.#groupOf[unit] === group.id) return;
    this.drop(unit);
    this.#groupOf[unit] = group.id;
    this.#sizes[lane] += 1;
    group.live += 1;
    group.queue.push(unit);
  }

  has(unit: number): boolean {
    return unit < this.#groupOf.length && this.#groupOf[unit] !== 0;
  }

  /** The devices that take part in a unit that stands in a group. */
  devicesOf(unit: number): readonly number[] {
    return this.#byId.get(this.#groupOf[unit] ?? 0)?.devices ?? [];
  }

  drop(unit: number): void {
    if (!this.has(unit)) return;
    const group = this.#byId.get(this.#groupOf[unit]!)!;
    this.#groupOf[unit] = 0;
    this.#sizes[group.lane] -= 1;
    group.live -= 1;
    if (group.live > 0) return;
    this.#lanes[group.lane].delete(group.key);
    this.#byId.delete(group.id);
  }

  /** Takes the next unit out of a group; undefined when the group is empty. */
  shift(group: ReadyGroup): number | undefined {
    while (group.at < group.queue.length) {
      const unit = group.queue[group.at++]!;
      if (group.at > SLACK && group.at * 2 > group.queue.length) {
        group.queue = group.queue.slice(group.at);
        group.at = 0;
      }
      if (this.#groupOf[unit] !== group.id) continue;
      this.drop(unit);
      return unit;
    }
    return undefined;
  }
}
