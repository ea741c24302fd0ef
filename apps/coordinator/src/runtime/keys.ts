import type { KeyCreated, KeySpecInput, KeyView, Quota, Role } from '@gossamer/protocol';
import { KeyId, ProblemError, uuidv7 } from '@gossamer/protocol';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../grid.ts';
import type { GridLog } from './grid-log.ts';

const PREFIX: Record<Role, string> = { operator: 'gso_', submitter: 'gss_' };

/**
 * A secret that is made here has 192 random bits, so a plain hash keeps it: there is nothing to guess from. What is
 * configured is as good as whoever set it made it (docs/security.md).
 */
const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

const isSame = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'));

/** Why a key is good no more; null while it is good. */
const endOf = ({ revokedAt, expiresAt }: KeyView, now: number): 'was revoked' | 'has expired' | null => {
  if (revokedAt !== null) return 'was revoked';
  return expiresAt !== null && expiresAt <= now ? 'has expired' : null;
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
    if (record === undefined || !isSame(record.hash, hash) || endOf(record.view, this.#now()) !== null) return null;
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
   * Throws an Error in words for a configured key that cannot be its role's: one of another role, and one that has
   * ended. Made anew it would be good again, and nobody would see that it ever was revoked.
   */
  requireFit(role: Role, given: string | null): void {
    const known = given === null ? undefined : this.#grid.state.keyByHash.get(hashOf(given))?.view;
    if (known === undefined) return;
    const variable = `GOSSAMER_${role.toUpperCase()}_KEY`;
    if (known.role !== role) {
      throw new Error(`the key in ${variable} is known as a ${known.role}'s; configure another one`);
    }
    const end = endOf(known, this.#now());
    if (end !== null) throw new Error(`the key in ${variable} ${end}; configure another one, or unset the variable`);
  }

  /**
   * Makes sure that there is a key of a role: a `given` one, which is fit, is registered, else one is made when none is
   * live. Gives the key with its secret when one was made, so that it can be printed, once.
   */
  async ensure(role: Role, given: string | null): Promise<KeyCreated | null> {
    if (given !== null) {
      // One that has ended since it was found fit is not made anew, either.
      const isKnown = this.#grid.state.keyByHash.has(hashOf(given));
      if (!isKnown) await this.create({ role, name: `${role} (configured)` }, given);
      return null;
    }
    const live = this.list().some((key) => key.role === role && endOf(key, this.#now()) === null);
    return live ? null : this.create({ role, name: `first ${role}` });
  }
}
