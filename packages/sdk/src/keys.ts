import { KeyCreated, type KeySpecInput, KeyView, type Quota } from '@gossamer/protocol';
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

  /** The answer holds the secret, which is shown this once. */
  create(spec: KeySpecInput): Promise<KeyCreated> {
    return this.#transport.json(tolerant(KeyCreated), { method: 'POST', path: '/v1/keys', json: spec, once: true });
  }

  /** Sets what it may have: what is left out is the grid's default, null any number. */
  setQuota(id: string, quota: Quota): Promise<KeyView> {
    const path = `/v1/keys/${encodeURIComponent(id)}`;
    return this.#transport.json(tolerant(KeyView), { method: 'PATCH', path, json: { quota } });
  }

  revoke(id: string): Promise<KeyView> {
    return this.#transport.json(tolerant(KeyView), { method: 'DELETE', path: `/v1/keys/${encodeURIComponent(id)}` });
  }
}
