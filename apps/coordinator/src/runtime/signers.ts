import { encodeRegistration, encodeSignerSuccession } from '@gossamer/program';
import { hasSigned } from '@gossamer/program/node';
import type { SignerPolicy, SignerPolicyPatch, SignerSpec, SigningKey } from '@gossamer/protocol';
import { LIMITS, ProblemError } from '@gossamer/protocol';
import type { Caller } from '../grid.ts';
import type { GridLog } from './grid-log.ts';
import type { SignerRecord } from './signer-table.ts';

/** What a policy grants that says no more than its tier. */
const PLAIN: SignerPolicy = {
  tier: 'playground',
  lanes: ['js', 'wasm'],
  limits: { deadlineMs: 86_400_000, resultBytes: LIMITS.largeResult },
};

const causeOf = (key: SigningKey): string => `signer:${key}`;

/** Signers: whoever has a signing key registers it under an API key, and the operator says what it may. */
export class Signers {
  readonly #grid: GridLog;
  readonly #now: () => number;

  constructor(grid: GridLog, now: () => number) {
    this.#grid = grid;
    this.#now = now;
  }

  /** Those that the caller may see. */
  visibleTo(caller: Caller): SignerRecord[] {
    return [...this.#grid.state.signers.all()].filter((record) => this.#isVisible(caller, record));
  }

  /** Throws ProblemError `signer-unknown`, also for another one's. */
  find(caller: Caller, key: SigningKey): SignerRecord {
    const record = this.#grid.state.signers.get(key);
    if (record === undefined || !this.#isVisible(caller, record)) throw new ProblemError('signer-unknown', key);
    return record;
  }

  /**
   * Registers a key for the caller. Throws ProblemError `signature-wrong` for a wrong proof or statement,
   * `signer-known`, `signer-revoked`, `signer-unknown`.
   */
  async register(caller: Caller, { key, name, proof, succeeds }: SignerSpec): Promise<SignerRecord> {
    if (!hasSigned(key, encodeRegistration(key, name, caller.key), proof)) {
      throw new ProblemError(
        'signature-wrong',
        `the proof must be by the key itself, over key, name and the id of the API key that registers it (${caller.key})`,
      );
    }
    const known = this.#grid.state.signers.get(key);
    if (known !== undefined) this.#requireMovable(caller, known, succeeds !== null);
    if (succeeds !== null) this.#requireHeir(caller, key, succeeds);
    // Said once more, it is no news.
    if (known?.name === name && known.owner === caller.key) return known;
    await this.#grid.record(causeOf(key), {
      kind: 'signer-registered',
      at: this.#now(),
      key,
      name,
      owner: caller.key,
      succeeds: succeeds?.key ?? null,
    });
    return this.#grid.state.signers.get(key)!;
  }

  async setPolicy(caller: Caller, key: SigningKey, patch: SignerPolicyPatch): Promise<SignerRecord> {
    const record = this.find(caller, key);
    const { tier, lanes, limits } = record.policy ?? PLAIN;
    const policy: SignerPolicy = {
      tier: patch.tier ?? tier,
      lanes: [...new Set(patch.lanes ?? lanes)],
      limits: {
        deadlineMs: patch.limits?.deadlineMs ?? limits.deadlineMs,
        resultBytes: patch.limits?.resultBytes ?? limits.resultBytes,
      },
    };
    await this.#grid.record(causeOf(key), { kind: 'signer-policy-set', at: this.#now(), key, policy });
    return record;
  }

  /** For good. Its jobs are another's to end. */
  async revoke(caller: Caller, key: SigningKey): Promise<SignerRecord> {
    const record = this.find(caller, key);
    if (record.revokedAt === null) {
      await this.#grid.record(causeOf(key), { kind: 'signer-revoked', at: this.#now(), key });
    }
    return record;
  }

  #isVisible(caller: Caller, record: SignerRecord): boolean {
    return caller.role === 'operator' || record.owner === caller.key;
  }

  /** Whoever has the key may take it along to a new API key when the old one is over. */
  #requireMovable(caller: Caller, known: SignerRecord, isHeir: boolean): void {
    if (known.revokedAt !== null) throw new ProblemError('signer-revoked', 'make a new key');
    const owner = this.#grid.state.keys.get(known.owner)?.view;
    const isOver = owner === undefined || owner.revokedAt !== null || (owner.expiresAt ?? Infinity) <= this.#now();
    const isOwn = known.owner === caller.key;
    if (known.successor !== null || isHeir || !(isOwn || isOver)) throw new ProblemError('signer-known');
  }

  #requireHeir(caller: Caller, key: SigningKey, succeeds: { key: SigningKey; statement: string }): void {
    const before = this.#grid.state.signers.get(succeeds.key);
    if (before === undefined || before.owner !== caller.key) throw new ProblemError('signer-unknown', succeeds.key);
    if (before.revokedAt !== null) throw new ProblemError('signer-revoked', 'it can name no successor');
    if (before.successor !== null) throw new ProblemError('signer-known', 'it has a successor already');
    const statement = encodeSignerSuccession(before.key, key, caller.key);
    if (!hasSigned(before.key, statement, succeeds.statement)) {
      throw new ProblemError('signature-wrong', 'the statement must be by the signer whose place is taken');
    }
  }
}
