import type { GridFact } from '@gossamer/core';
import type { SignerPolicy } from '@gossamer/protocol';
import { KeyId, SigningKey } from '@gossamer/protocol';

export interface SignerRecord {
  readonly key: SigningKey;
  name: string;
  /** The API key that registered it. */
  owner: KeyId;
  /** null: the operator has granted nothing yet. */
  policy: SignerPolicy | null;
  readonly registeredAt: number;
  revokedAt: number | null;
  /** It named another key that takes its place: it signs for no new job. */
  successor: SigningKey | null;
}

type SignerFact = Extract<GridFact, { kind: `signer-${string}` }>;

/** Signers, by their keys: a fold over the facts about them. */
export class SignerTable {
  readonly #byKey = new Map<string, SignerRecord>();

  get(key: string): SignerRecord | undefined {
    return this.#byKey.get(key);
  }

  all(): Iterable<SignerRecord> {
    return this.#byKey.values();
  }

  apply(fact: SignerFact): void {
    const record = this.#byKey.get(fact.key);
    if (fact.kind === 'signer-registered') {
      this.#register(fact, record);
      return;
    }
    if (record === undefined) return;
    if (fact.kind === 'signer-policy-set') record.policy = fact.policy;
    else record.revokedAt ??= fact.at;
  }

  #register(fact: SignerFact & { kind: 'signer-registered' }, known: SignerRecord | undefined): void {
    const { at, name } = fact;
    const key = SigningKey.parse(fact.key);
    const owner = KeyId.parse(fact.owner);
    if (known !== undefined) {
      // What the operator granted was granted to that name.
      const policy = known.name === name ? known.policy : null;
      Object.assign(known, { name, owner, policy });
      return;
    }
    const before = fact.succeeds === null ? undefined : this.#byKey.get(fact.succeeds);
    // Of two that were on their way at once the first is the heir, and who was revoked meanwhile has none.
    const isHeir = before !== undefined && before.revokedAt === null && before.successor === null;
    if (isHeir) before.successor = key;
    const policy = isHeir ? before.policy : null;
    this.#byKey.set(key, { key, name, owner, policy, registeredAt: at, revokedAt: null, successor: null });
  }
}
