import type { Signer } from '@gossamer/program';
import { registrationOf } from '@gossamer/program';
import { type Page, type SignerPolicyPatch, type SignerSpecInput, SignerView, SigningKey } from '@gossamer/protocol';
import { readId } from './read-id.ts';
import { tolerant, tolerantPage } from './tolerant.ts';
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
  async *list(): AsyncGenerator<SignerView> {
    let after: string | undefined;
    do {
      const call = { path: '/v1/signers', query: { after } };
      const page: Page<SignerView> = await this.#transport.json(tolerantPage(SignerView), call);
      yield* page.items;
      after = page.next ?? undefined;
    } while (after !== undefined);
  }

  /** Registers a signer under this API key; with `before`, as the successor of that one, whose policy it inherits. */
  async register(
    signer: Signer,
    name: string,
    { before = null }: { before?: Signer | null } = {},
  ): Promise<SignerView> {
    const json: SignerSpecInput = await registrationOf(signer, name, await this.#owner(), before);
    return this.#transport.json(tolerant(SignerView), { method: 'POST', path: '/v1/signers', json, once: true });
  }

  /** What it may; for operators. Its jobs follow at once. */
  async grant(key: string, patch: SignerPolicyPatch): Promise<SignerView> {
    return this.#transport.json(tolerant(SignerView), { method: 'PATCH', path: pathOf(key), json: patch });
  }

  /** At once and for good: its open jobs are cancelled. */
  async revoke(key: string): Promise<SignerView> {
    return this.#transport.json(tolerant(SignerView), { method: 'DELETE', path: pathOf(key) });
  }
}

const pathOf = (key: string): string =>
  `/v1/signers/${readId(SigningKey, 'signer-unknown', key, "a signer's public key, of 43 letters and digits")}`;
