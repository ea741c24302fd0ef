import { ProgramRefused, requireSigned, verifyEd25519 } from '@gossamer/program';
import type { JobCard } from '@gossamer/protocol';
import type { PinnedKey } from './pinned-key.ts';

/** Decides whether a job's program may run here, by what is signed. A card is looked at once. */
export class Vetting {
  readonly #pin: PinnedKey;
  readonly #vetted = new WeakMap<JobCard, Promise<void>>();
  /** The volunteer lets this browser run what nobody vetted. */
  playground: boolean;

  constructor(pin: PinnedKey, playground: boolean) {
    this.#pin = pin;
    this.playground = playground;
  }

  /** Throws ProgramRefused; another Error when it cannot be told now. */
  async require(card: JobCard): Promise<void> {
    let vetted = this.#vetted.get(card);
    if (vetted === undefined) {
      vetted = requireSigned(card, { requireKey: (key) => this.#pin.require(key), verify: verifyEd25519 });
      this.#vetted.set(card, vetted);
      vetted.catch(() => this.#vetted.delete(card));
    }
    await vetted;
    if (card.signed.admission.tier === 'playground' && !this.playground) {
      throw new ProgramRefused('playground', 'nobody vetted it, and you have not opted in to run such programs');
    }
  }
}
