import { fingerprintOf, followsFrom, ProgramRefused, verifyEd25519 } from '@gossamer/program';
import type { CoordinatorKeys, SigningKey } from '@gossamer/protocol';
import * as schemas from '../shared/schemas.ts';

/** Where the known key is kept from visit to visit. Where storage is denied it is known for this visit. */
export interface PinStore {
  get(): Promise<SigningKey | null>;
  set(key: SigningKey): Promise<void>;
}

/** Asks the coordinator for its keys. */
export const fetchKeys = async (): Promise<CoordinatorKeys> => {
  const response = await fetch('/v1/coordinator-keys', { credentials: 'omit' });
  if (!response.ok) throw new Error(`the coordinator's keys: it answered ${response.status}`);
  const keys = schemas.CoordinatorKeys.safeParse(await response.json());
  if (!keys.success) throw new Error("the coordinator's keys cannot be read");
  return keys.data;
};

/**
 * The coordinator's key as this browser knows it: the one that the page was built with, else the first that it meets.
 * From then on only that key counts, or one that follows from it by statements of the keys in between.
 */
export class PinnedKey {
  readonly #store: PinStore;
  readonly #built: SigningKey | null;
  readonly #ask: () => Promise<CoordinatorKeys>;
  #pin: SigningKey | null = null;
  #turn: Promise<void> = Promise.resolve();

  constructor(store: PinStore, built: SigningKey | null, ask: () => Promise<CoordinatorKeys> = fetchKeys) {
    this.#store = store;
    this.#built = built;
    this.#ask = ask;
  }

  /** Throws ProgramRefused `coordinator-key`; another Error when the coordinator's keys do not come. */
  require(key: SigningKey): Promise<void> {
    // One after the other: two cards must not pin two keys.
    const checked = this.#turn.then(() => this.#check(key));
    this.#turn = checked.catch(() => undefined);
    return checked;
  }

  /** The key of an earlier visit; where the page was built for one, only if it follows from that. */
  async #known(): Promise<SigningKey | null> {
    const kept = await this.#store.get();
    if (this.#built === null || kept === null || kept === this.#built) return this.#built ?? kept;
    const { chain } = await this.#ask();
    return (await followsFrom(this.#built, kept, chain, verifyEd25519)) ? kept : this.#built;
  }

  async #check(key: SigningKey): Promise<void> {
    this.#pin ??= await this.#known();
    if (key === this.#pin) return;
    const { current, chain } = await this.#ask();
    const known = this.#pin ?? current;
    if (!(await followsFrom(known, key, chain, verifyEd25519))) {
      const [wanted, mine] = [await fingerprintOf(key), await fingerprintOf(known)];
      throw new ProgramRefused(
        'coordinator-key',
        `it was admitted with the key ${wanted}, which does not follow from the coordinator’s key ${mine} that this browser knows`,
      );
    }
    this.#pin = key;
    await this.#store.set(key);
  }
}
