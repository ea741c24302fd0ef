import { createHash } from 'node:crypto';

/** What is looked up is not what is sent: how long a look-up takes tells nothing of a token. */
const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Sign-ins of the dashboard, in memory: a restart signs everybody out. */
export interface SessionTable {
  /** A new random token that stands for the key until it expires. */
  open(secret: string): string;
  /** The key that the token stands for, null when there is none (any more). */
  find(token: string): string | null;
  close(token: string): void;
}

const MOST = 1000;

/** `lifeMs`: how long a token lives. The oldest sign-in gives way when there are a thousand. */
export const createSessionTable = (
  now: () => number,
  random: (size: number) => Uint8Array,
  lifeMs: number,
): SessionTable => {
  const sessions = new Map<string, { secret: string; expiresAt: number }>();
  return {
    open(secret) {
      if (sessions.size >= MOST) sessions.delete(sessions.keys().next().value!);
      const token = Buffer.from(random(32)).toString('base64url');
      sessions.set(hashOf(token), { secret, expiresAt: now() + lifeMs });
      return token;
    },
    find(token) {
      const hash = hashOf(token);
      const session = sessions.get(hash);
      if (session === undefined) return null;
      if (session.expiresAt > now()) return session.secret;
      sessions.delete(hash);
      return null;
    },
    close(token) {
      sessions.delete(hashOf(token));
    },
  };
};
