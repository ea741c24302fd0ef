const LOCK = 'gossamer-compute';
/** A tab that is being reloaded holds the lock for a moment still: only after this long it is called elsewhere, ms. */
const PATIENCE_MS = 500;

/**
 * Of the tabs of one browser one computes: the one that has the lock. `elected` is called when this one has it;
 * `elsewhere` when another one keeps it. The lock is held until `signal` aborts or the tab is gone.
 */
export const standForElection = (
  events: { elected(): void; elsewhere(): void },
  signal: AbortSignal,
): Promise<void> => {
  const timer = setTimeout(() => events.elsewhere(), PATIENCE_MS);
  signal.addEventListener('abort', () => clearTimeout(timer));
  const held = (): Promise<void> =>
    new Promise((resolve) => {
      clearTimeout(timer);
      signal.addEventListener('abort', () => resolve());
      events.elected();
    });
  return navigator.locks.request(LOCK, { signal }, held).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
};
