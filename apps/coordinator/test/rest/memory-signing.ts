import type {
  CoordinatorKeys,
  DeviceView,
  Page,
  RefusalView,
  SignerPolicyPatch,
  SignerSpec,
  SignerView,
} from '@gossamer/protocol';
import { LIMITS, ProblemError, SigningKey } from '@gossamer/protocol';
import type { GridSigning } from '../../src/grid-signing.ts';
import type { Caller } from '../../src/grid.ts';

/** The contract of GridSigning in memory; nothing is signed or verified. */
export class MemorySigning implements GridSigning {
  readonly #signers = new Map<string, SignerView>();

  #find(caller: Caller, key: SigningKey): SignerView {
    const signer = this.#signers.get(key);
    if (signer === undefined || (caller.role !== 'operator' && signer.owner !== caller.key)) {
      throw new ProblemError('signer-unknown');
    }
    return signer;
  }

  #change(caller: Caller, key: SigningKey, change: Partial<SignerView>): SignerView {
    const view = { ...this.#find(caller, key), ...change };
    this.#signers.set(key, view);
    return view;
  }

  signers(caller: Caller): Page<SignerView> {
    const all = [...this.#signers.values()];
    return { items: all.filter(({ owner }) => caller.role === 'operator' || owner === caller.key), next: null };
  }

  async registerSigner(caller: Caller, { key, name }: SignerSpec): Promise<SignerView> {
    const times = { registeredAt: 1, revokedAt: null };
    const granted = { policy: null, tier: 'public', successor: null, openJobs: 0 } as const;
    const view = { key, name, fingerprint: '', owner: caller.key, ownerName: caller.name, ...granted, ...times };
    this.#signers.set(key, view);
    return view;
  }

  async setSignerPolicy(
    caller: Caller,
    key: SigningKey,
    { tier = 'playground' }: SignerPolicyPatch,
  ): Promise<SignerView> {
    const limits = { deadlineMs: 60_000, resultBytes: LIMITS.result };
    return this.#change(caller, key, { policy: { tier, lanes: ['js'], limits }, tier });
  }

  async revokeSigner(caller: Caller, key: SigningKey): Promise<SignerView> {
    return this.#change(caller, key, { revokedAt: 2, tier: null });
  }

  coordinatorKeys(): CoordinatorKeys {
    return { current: SigningKey.parse('A'.repeat(43)), chain: [] };
  }

  async rotateCoordinatorKey(): Promise<CoordinatorKeys> {
    return this.coordinatorKeys();
  }

  refusals(): Page<RefusalView> {
    return { items: [], next: null };
  }

  async setApart(): Promise<DeviceView> {
    throw new ProblemError('device-unknown');
  }
}
