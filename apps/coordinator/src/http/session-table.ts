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
      sessions.set(token, { secret, expiresAt: now() + lifeMs });
      return token;
    },
    find(token) {
      const session = sessions.get(token);
      if (session === undefined) return null;
      if (session.expiresAt > now()) return session.secret;
      sessions.delete(token);
      return null;
    },
    close(token) {
      sessions.delete(token);
    },
  };
};
