import { KeyCreated, KeyId, KeyQuotas, type KeySpecInput, KeyView, type Quota } from '@gossamer/protocol';
import { readId } from './read-id.ts';
import { gathered, pages, type Signalled } from './pages.ts';
import { tolerant } from './tolerant.ts';
import type { Transport } from './transport.ts';

/** API keys; for operators. */
export class Keys {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** All of them, in the order in which they were made. */
  list({ signal }: Signalled = {}): Promise<KeyView[]> {
    return gathered(pages(this.#transport, KeyView, { path: '/v1/keys', query: { limit: 1000 }, signal }));
  }

  /** What each key that was not revoked may have, and has. */
  quotas({ signal }: Signalled = {}): Promise<KeyQuotas[]> {
    return gathered(pages(this.#transport, KeyQuotas, { path: '/v1/quotas', query: { limit: 1000 }, signal }));
  }

  /** The answer holds the secret, which is shown this once. */
  create(spec: KeySpecInput, { signal }: Signalled = {}): Promise<KeyCreated> {
    const call = { method: 'POST', path: '/v1/keys', json: spec, signal, once: true } as const;
    return this.#transport.json(tolerant(KeyCreated), call);
  }

  /** Sets what it may have: what is left out is the grid's default, null any number. */
  async setQuota(id: string, quota: Quota, { signal }: Signalled = {}): Promise<KeyView> {
    const path = pathOf(id);
    return this.#transport.json(tolerant(KeyView), { method: 'PATCH', path, json: { quota }, signal });
  }

  async revoke(id: string, { signal }: Signalled = {}): Promise<KeyView> {
    return this.#transport.json(tolerant(KeyView), { method: 'DELETE', path: pathOf(id), signal });
  }
}

const pathOf = (id: string): string =>
  `/v1/keys/${readId(KeyId, 'key-unknown', id, "a key's id; it looks like key_0190…, and is not its secret")}`;
