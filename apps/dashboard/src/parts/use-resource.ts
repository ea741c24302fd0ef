import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api/errors.ts';
import { endsSession } from '../session.ts';
import { connection } from '../state.ts';

export type Resource<Value> =
  | { kind: 'loading' }
  | { kind: 'ready'; value: Value }
  | { kind: 'failed'; error: unknown };

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
  const asked = useRef({ key: '', at: 0 });
  const reachable = connection.value.kind !== 'lost';
  useEffect(() => {
    const abort = new AbortController();
    const fresh = asked.current.key !== key;
    const ask = async (): Promise<void> => {
      asked.current = { key, at: Date.now() };
      try {
        const value = await load(abort.signal);
        if (!abort.signal.aborted) setHeld({ key, resource: { kind: 'ready', value } });
      } catch (error) {
        if (abort.signal.aborted || endsSession(error)) return;
        const final = error instanceof ApiError && error.status < 500;
        setHeld((before) =>
          before.key === key && before.resource.kind === 'ready' && !final
            ? before
            : { key, resource: { kind: 'failed', error } },
        );
      }
    };
    const wait = fresh ? 0 : Math.max(0, asked.current.at + refreshMs - Date.now());
    const timer = setTimeout(() => void ask(), wait);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [key, version, reachable]);
  return held.key === key ? held.resource : { kind: 'loading' };
};
