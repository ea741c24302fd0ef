import type { KeyCreated, KeySpec, KeyView, Role } from '@gossamer/protocol';
import { KeyId, ProblemError, uuidv7 } from '@gossamer/protocol';
import { createHash, randomBytes } from 'node:crypto';
import type { Caller } from '../grid.ts';
import type { GridLog } from './grid-log.ts';

const PREFIX: Record<Role, string> = { operator: 'gso_', submitter: 'gss_' };

/** A secret has 192 random bits, so a plain hash keeps it: there is nothing to guess from. */
const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** API keys: only their hashes are kept. */
export class Keys {
  readonly #grid: GridLog;
  readonly #now: () => number;

  constructor(grid: GridLog, now: () => number) {
    this.#grid = grid;
    this.#now = now;
  }

  authenticate(secret: string): Caller | null {
    const record = this.#grid.state.keyByHash.get(hashOf(secret));
    return record === undefined ? null : { key: record.view.id, role: record.view.role, name: record.view.name };
  }

  list(): KeyView[] {
    return [...this.#grid.state.keys.values()].map(({ view }) => view);
  }

  async create(spec: KeySpec, given?: string): Promise<KeyCreated> {
    const secret = given ?? PREFIX[spec.role] + randomBytes(24).toString('base64url');
    const at = this.#now();
    const id = KeyId.parse(`key_${uuidv7(at, randomBytes(10))}`);
    await this.#grid.record(`key:${id}`, { kind: 'key-created', at, id, ...spec, hash: hashOf(secret) });
    return { ...this.#grid.state.keys.get(id)!.view, secret };
  }

  async revoke(id: KeyId): Promise<KeyView> {
    const record = this.#grid.state.keys.get(id);
    if (record === undefined) throw new ProblemError('key-unknown', id);
    if (record.view.revokedAt === null) {
      await this.#grid.record(`key:${id}`, { kind: 'key-revoked', at: this.#now(), id });
    }
    return record.view;
  }

  /**
   * Makes sure that there is a live key of a role: a `given` one is registered, else one is made when there is none.
   * Gives the key with its secret when one was made, so that it can be printed, once.
   */
  async ensure(role: Role, given: string | null): Promise<KeyCreated | null> {
    if (given !== null) {
      const known = this.authenticate(given);
      if (known !== null && known.role !== role) {
        throw new Error(`the key configured for the ${role} is known as a ${known.role}'s; configure another one`);
      }
      if (known === null) await this.create({ role, name: `${role} (configured)` }, given);
      return null;
    }
    const live = this.list().some((key) => key.role === role && key.revokedAt === null);
    return live ? null : this.create({ role, name: `first ${role}` });
  }
}
