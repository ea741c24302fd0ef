/** Remembers that something has changed, for one reader that comes to look now and then. */
export interface Changes {
  /** Resolves at once when there was a change since the last look, else at the next one, on abort or after `ms`. */
  next(ms?: number): Promise<void>;
  /** Ends the subscription. */
  end(): void;
}

/**
 * Subscribes to changes until `end` is called or the signal is aborted. Changes that come while the reader is busy are
 * one change to it: a slow reader costs no memory and sees the newest state.
 */
export const watchChanges = (subscribe: (listener: () => void) => () => void, signal: AbortSignal): Changes => {
  let changed = false;
  let wake = (): void => undefined;
  const unsubscribe = subscribe(() => {
    changed = true;
    wake();
  });
  const aborted = (): void => wake();
  signal.addEventListener('abort', aborted);
  return {
    async next(ms) {
      if (!changed && !signal.aborted) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (ms !== undefined) timer = setTimeout(resolve, ms);
        });
        clearTimeout(timer);
      }
      changed = false;
    },
    end() {
      signal.removeEventListener('abort', aborted);
      unsubscribe();
    },
  };
};
