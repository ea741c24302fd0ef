import { useEffect, useRef, useState } from 'preact/hooks';
import { isFinal } from '../api/errors.ts';
import { endsSession } from '../session.ts';
import { connection } from '../state.ts';
import { type Outcome, Refresh } from './refresh.ts';

export type Resource<Value> =
  | { kind: 'loading' }
  | { kind: 'ready'; value: Value }
  | { kind: 'failed'; error: unknown };

/** After an error that may pass, ms. */
const RETRY_MS = 5000;

/**
 * What `load` answers for `key`; asked again when `version` changes, and when a lost connection is back. While it is
 * asked again, or cannot be, what was there stays. Asking again follows the time before by `refreshMs` at least.
 */
export const useResource = <Value>(
  key: string,
  version: unknown,
  load: (signal: AbortSignal) => Promise<Value>,
  refreshMs = 1500,
): Resource<Value> => {
  const [held, setHeld] = useState<{ key: string; resource: Resource<Value> }>({ key, resource: { kind: 'loading' } });
  const refresh = useRef<Refresh<Value> | null>(null);
  const latest = useRef(load);
  latest.current = load;
  const reachable = connection.value.kind !== 'lost';
  useEffect(() => {
    const tell = (outcome: Outcome<Value>): void => {
      if (outcome.kind === 'value') {
        setHeld({ key, resource: { kind: 'ready', value: outcome.value } });
      } else if (!endsSession(outcome.error)) {
        const failed = { key, resource: { kind: 'failed', error: outcome.error } } as const;
        const stays = (before: { key: string; resource: Resource<Value> }): boolean =>
          before.key === key && before.resource.kind === 'ready' && !outcome.final;
        setHeld((before) => (stays(before) ? before : failed));
      }
    };
    refresh.current = new Refresh({
      load: (signal) => latest.current(signal),
      tell,
      isFinal,
      refreshMs,
      retryMs: RETRY_MS,
    });
    return () => refresh.current?.stop();
  }, [key]);
  useEffect(() => refresh.current?.want(), [key, version, reachable]);
  return held.key === key ? held.resource : { kind: 'loading' };
};
