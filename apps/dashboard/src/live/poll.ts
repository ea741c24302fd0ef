/**
 * Calls `load` now, and again `everyMs` after each end, as long as the page is seen. It never overlaps itself.
 * The answer ends it.
 */
export const poll = (load: () => Promise<void>, everyMs: number): (() => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let busy = false;
  let ended = false;
  const turn = async (): Promise<void> => {
    if (busy || ended || document.hidden) return;
    busy = true;
    clearTimeout(timer);
    try {
      await load();
    } finally {
      busy = false;
      if (!ended) timer = setTimeout(() => void turn(), everyMs);
    }
  };
  const onVisibility = (): void => void turn();
  document.addEventListener('visibilitychange', onVisibility);
  void turn();
  return () => {
    ended = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', onVisibility);
  };
};
