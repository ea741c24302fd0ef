import { KeyCreated, KeyId, KeyQuotas, type KeySpecInput, KeyView, type Quota } from '@gossamer/protocol';
import type { z } from 'zod';
import { readId } from './read-id.ts';
import { tolerant, tolerantPage } from './tolerant.ts';
import type { Transport } from './transport.ts';

/** API keys; for operators. */
export class Keys {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** All of them, in the order in which they were made. */
  list(): Promise<KeyView[]> {
    return this.#all(KeyView, '/v1/keys');
  }

  /** What each key that was not revoked may have, and has. */
  quotas(): Promise<KeyQuotas[]> {
    return this.#all(KeyQuotas, '/v1/quotas');
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

  async #all<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>, path: string) {
    const schemaOfPage = tolerantPage(schema);
    const all: z.output<typeof schemaOfPage>['items'] = [];
    let after: string | undefined;
    do {
      const page: z.output<typeof schemaOfPage> = await this.#transport.json(schemaOfPage, {
        path,
        query: { after, limit: 1000 },
      });
      all.push(...page.items);
      after = page.next ?? undefined;
    } while (after !== undefined);
    return all;
  }
}

const pathOf = (id: string): string =>
  `/v1/keys/${readId(KeyId, 'key-unknown', id, "a key's id; it looks like key_0190…, and is not its secret")}`;
