const KEY = 'gossamer.reloaded';

/**
 * Reloads the page for a newer version, once: where the reload has brought no newer one, false, so that page and
 * server of different versions never make it reload in a loop.
 */
export const reloadOnce = (storage: Storage, reload: () => void): boolean => {
  try {
    if (storage.getItem(KEY) !== null) return false;
    storage.setItem(KEY, '1');
    // Where it is not kept, a reload could repeat for ever.
    if (storage.getItem(KEY) === null) return false;
  } catch {
    return false;
  }
  reload();
  return true;
};

/** The versions agree: the next difference may reload again. */
export const versionsAgree = (storage: Storage): void => {
  try {
    storage.removeItem(KEY);
  } catch {
    // Denied: then nothing was stored.
  }
};
