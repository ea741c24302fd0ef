import * as api from './api/grid-api.ts';
import { ApiError, isPassing, SUBMITTERS_KEY } from './api/errors.ts';
import { backoffMs } from './live/backoff.ts';
import { startLive } from './live/live.ts';
import { forget, grid, session } from './state.ts';

const OVER =
  'The sign-in is over: the coordinator was restarted, the key was revoked, or half a day has passed. Sign in again.';

let stopLive: (() => void) | null = null;

const leave = (why: string | null): void => {
  stopLive?.();
  stopLive = null;
  forget();
  session.value = { kind: 'out', why };
};

/** A request was answered that nobody is signed in. */
export const signedOut = (): void => {
  if (session.value.kind === 'in') leave(OVER);
};

/** Takes an error of any request: true when it meant that the sign-in is over. */
export const endsSession = (error: unknown): boolean => {
  if (!(error instanceof ApiError && error.status === 401)) return false;
  signedOut();
  return true;
};

const enter = async (who: api.Me): Promise<void> => {
  if (who.role !== 'operator') {
    await api.signOut().catch(() => undefined);
    leave(SUBMITTERS_KEY);
    return;
  }
  session.value = { kind: 'in', me: who };
  stopLive = startLive(signedOut);
};

/** Throws what the API throws. */
export const signIn = async (key: string): Promise<void> => {
  await enter(await api.signIn(key));
};

export const signOut = async (): Promise<void> => {
  try {
    await api.signOut();
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) throw error;
  }
  leave(null);
};

const loadGrid = async (): Promise<void> => {
  grid.value = await api.grid().catch(() => grid.value);
};

/** Is somebody signed in already? Asked until the coordinator answers. */
export const resume = async (tries = 0): Promise<void> => {
  try {
    const [who] = await Promise.all([api.me(), loadGrid()]);
    await enter(who);
  } catch (error) {
    if (!isPassing(error)) {
      void loadGrid();
      return leave(null);
    }
    session.value = { kind: 'unreachable' };
    setTimeout(() => void resume(tries + 1), backoffMs(tries, Math.random()));
  }
};
