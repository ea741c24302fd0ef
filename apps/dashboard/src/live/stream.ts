import { GridEvent } from '@gossamer/protocol';
import * as api from '../api/grid-api.ts';
import { ApiError, VersionError } from '../api/errors.ts';
import { fit } from '../api/request.ts';
import { backoffMs } from './backoff.ts';

export type Connection = { kind: 'connecting' } | { kind: 'live' } | { kind: 'lost'; since: number };

export interface StreamHooks {
  connection(connection: Connection): void;
  grid(event: GridEvent): void;
  /** The sign-in is over: a restart of the coordinator, a revoked key, or its time. */
  signedOut(): void;
  /** The events are none that this page can read. */
  unreadable(error: VersionError): void;
}

export interface Stream {
  /** Somebody else noticed that the coordinator does not answer. */
  lost(): void;
  end(): void;
}

/**
 * Follows the grid by Server-Sent Events. A lost connection is found again by itself: each try asks first who is signed
 * in, since an EventSource tells a refusal from an outage by nothing. A tab that is not seen holds no connection:
 * browsers give one origin six of them.
 */
export const openStream = (hooks: StreamHooks): Stream => {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;
  let lostSince: number | null = null;
  let ended = false;

  const drop = (): void => {
    source?.close();
    source = null;
    clearTimeout(timer);
  };
  const lost = (): void => {
    if (ended || document.hidden) return;
    drop();
    lostSince ??= Date.now();
    hooks.connection({ kind: 'lost', since: lostSince });
    timer = setTimeout(() => void probe(), backoffMs(tries++, Math.random()));
  };
  const probe = async (): Promise<void> => {
    try {
      await api.me();
      if (!ended && source === null) open();
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) hooks.signedOut();
      else lost();
    }
  };
  const open = (): void => {
    drop();
    if (lostSince === null) hooks.connection({ kind: 'connecting' });
    const current = new EventSource('/v1/events');
    source = current;
    current.addEventListener('grid', (message: MessageEvent<string>) => {
      if (source !== current) return;
      try {
        hooks.grid(fit(GridEvent, '/events', JSON.parse(message.data)));
      } catch (error) {
        if (error instanceof VersionError) hooks.unreadable(error);
        return lost();
      }
      tries = 0;
      lostSince = null;
      hooks.connection({ kind: 'live' });
    });
    current.addEventListener('error', () => {
      if (source === current) lost();
    });
  };
  const onVisibility = (): void => {
    if (document.hidden) drop();
    else if (source === null) open();
  };
  const onOnline = (): void => {
    if (source !== null || document.hidden) return;
    clearTimeout(timer);
    void probe();
  };

  document.addEventListener('visibilitychange', onVisibility);
  addEventListener('online', onOnline);
  open();
  return {
    lost,
    end() {
      ended = true;
      drop();
      document.removeEventListener('visibilitychange', onVisibility);
      removeEventListener('online', onOnline);
    },
  };
};
