import type { KeyCreated, KeySpecInput, KeyView, Quota, Role } from '@gossamer/protocol';
import { KeyId, ProblemError, uuidv7 } from '@gossamer/protocol';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../grid.ts';
import type { GridLog } from './grid-log.ts';

const PREFIX: Record<Role, string> = { operator: 'gso_', submitter: 'gss_' };

/** A secret of ours has 192 random bits, so a plain hash keeps it: there is nothing to guess from. Configured ones are as good as their operator makes them. */
const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

const isSame = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'));

const isOver = ({ expiresAt }: KeyView, now: number): boolean => expiresAt !== null && expiresAt <= now;

const requireUsable = (view: KeyView, role: Role, now: number): void => {
  const another = 'configure another one';
  if (view.role !== role)
    throw new Error(`the key configured for the ${role} is known as a ${view.role}'s; ${another}`);
  if (view.revokedAt !== null) throw new Error(`the key configured for the ${role} was revoked; ${another}`);
  if (isOver(view, now)) throw new Error(`the key configured for the ${role} has expired; ${another}`);
};

/** API keys: only their hashes are kept. */
export class Keys {
  readonly #grid: GridLog;
  readonly #now: () => number;

  constructor(grid: GridLog, now: () => number) {
    this.#grid = grid;
    this.#now = now;
  }

  authenticate(secret: string): Caller | null {
    const hash = hashOf(secret);
    // It is found by its hash, of which nobody chooses the first digits without the secret; the comparison takes one time.
    const record = this.#grid.state.keyByHash.get(hash);
    if (record === undefined || !isSame(record.hash, hash) || isOver(record.view, this.#now())) return null;
    return { key: record.view.id, role: record.view.role, name: record.view.name };
  }

  list(): KeyView[] {
    return [...this.#grid.state.keys.values()].map(({ view }) => view);
  }

  /** Throws ProblemError `request-invalid` for a key that would be over at once. */
  async create({ role, name, expiresAt = null, quota = {} }: KeySpecInput, given?: string): Promise<KeyCreated> {
    const secret = given ?? PREFIX[role] + randomBytes(24).toString('base64url');
    const at = this.#now();
    if (expiresAt !== null && expiresAt <= at) {
      throw new ProblemError('request-invalid', undefined, [{ path: 'body.expiresAt', message: 'lies in the past' }]);
    }
    const id = KeyId.parse(`key_${uuidv7(at, randomBytes(10))}`);
    const hash = hashOf(secret);
    await this.#grid.record(`key:${id}`, { kind: 'key-created', at, id, role, name, expiresAt, quota, hash });
    return { ...this.#grid.state.keys.get(id)!.view, secret };
  }

  async setQuota(id: KeyId, quota: Quota): Promise<KeyView> {
    const record = this.#grid.state.keys.get(id);
    if (record === undefined) throw new ProblemError('key-unknown', id);
    await this.#grid.record(`key:${id}`, { kind: 'key-quota-set', at: this.#now(), id, quota });
    return record.view;
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
   * Gives the key with its secret when one was made, so that it can be printed, once. Throws for a given one that is known in
   * another role, or was revoked, or has expired: what was taken away is not given back by a start.
   */
  async ensure(role: Role, given: string | null): Promise<KeyCreated | null> {
    if (given !== null) {
      const hash = hashOf(given);
      const known = [...this.#grid.state.keys.values()].find((record) => record.hash === hash);
      if (known === undefined) await this.create({ role, name: `${role} (configured)` }, given);
      else requireUsable(known.view, role, this.#now());
      return null;
    }
    const isLive = (key: KeyView): boolean => key.revokedAt === null && !isOver(key, this.#now());
    const live = this.list().some((key) => key.role === role && isLive(key));
    return live ? null : this.create({ role, name: `first ${role}` });
  }
}
