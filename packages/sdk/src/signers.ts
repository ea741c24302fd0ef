import type { Signer } from '@gossamer/program';
import { registrationOf } from '@gossamer/program';
import { type SignerPolicyPatch, type SignerSpecInput, SignerView, SigningKey } from '@gossamer/protocol';
import { readId } from './read-id.ts';
import { pages, type Signalled } from './pages.ts';
import { tolerant } from './tolerant.ts';
import type { Transport } from './transport.ts';

/** Signers of programs: one's own; of every key for an operator's. */
export class Signers {
  readonly #transport: Transport;
  readonly #owner: () => Promise<string>;

  /** `owner` gives the id of the API key that is used. */
  constructor(transport: Transport, owner: () => Promise<string>) {
    this.#transport = transport;
    this.#owner = owner;
  }

  /** Page after page as they are taken. */
  list({ signal }: Signalled = {}): AsyncGenerator<SignerView> {
    return pages(this.#transport, SignerView, { path: '/v1/signers', signal });
  }

  /** Registers a signer under this API key; with `before`, as the successor of that one, whose policy it inherits. */
  async register(
    signer: Signer,
    name: string,
    { before = null, signal }: { before?: Signer | null } & Signalled = {},
  ): Promise<SignerView> {
    const json: SignerSpecInput = await registrationOf(signer, name, await this.#owner(), before);
    const call = { method: 'POST', path: '/v1/signers', json, signal, once: true } as const;
    return this.#transport.json(tolerant(SignerView), call);
  }

  /** What it may; for operators. Its jobs follow at once. */
  async grant(key: string, patch: SignerPolicyPatch, { signal }: Signalled = {}): Promise<SignerView> {
    return this.#transport.json(tolerant(SignerView), { method: 'PATCH', path: pathOf(key), json: patch, signal });
  }

  /** At once and for good: its open jobs are cancelled. */
  async revoke(key: string, { signal }: Signalled = {}): Promise<SignerView> {
    return this.#transport.json(tolerant(SignerView), { method: 'DELETE', path: pathOf(key), signal });
  }
}

const pathOf = (key: string): string =>
  `/v1/signers/${readId(SigningKey, 'signer-unknown', key, "a signer's public key, of 43 letters and digits")}`;
