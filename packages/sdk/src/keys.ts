import { KeyCreated, KeyId, KeyQuotas, type KeySpecInput, KeyView, type Quota } from '@gossamer/protocol';
import { readId } from './read-id.ts';
import { tolerant, tolerantPage } from './tolerant.ts';
import type { Transport } from './transport.ts';

/** API keys; for operators. */
export class Keys {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async list(): Promise<KeyView[]> {
    return (await this.#transport.json(tolerantPage(KeyView), { path: '/v1/keys' })).items;
  }

  /** What each key that was not revoked may have, and has. */
  async quotas(): Promise<KeyQuotas[]> {
    return (await this.#transport.json(tolerantPage(KeyQuotas), { path: '/v1/quotas' })).items;
  }

  /** The answer holds the secret, which is shown this once. */
  create(spec: KeySpecInput): Promise<KeyCreated> {
    return this.#transport.json(tolerant(KeyCreated), { method: 'POST', path: '/v1/keys', json: spec, once: true });
  }

  /** Sets what it may have: what is left out is the grid's default, null any number. */
  async setQuota(id: string, quota: Quota): Promise<KeyView> {
    const path = pathOf(id);
    return this.#transport.json(tolerant(KeyView), { method: 'PATCH', path, json: { quota } });
  }

  async revoke(id: string): Promise<KeyView> {
    return this.#transport.json(tolerant(KeyView), { method: 'DELETE', path: pathOf(id) });
  }
}

const pathOf = (id: string): string =>
  `/v1/keys/${readId(KeyId, 'key-unknown', id, "a key's id; it looks like key_0190…, and is not its secret")}`;
