/** A slot's picture stays in view for this long while it draws, ms; then another slot may have its turn. */
export const TURN_MS = 8000;
/** A slot that has not drawn for this long gives its turn up, ms. */
export const SILENT_MS = 1500;

/** Whose picture is shown: the answer to `(slot, now)` says whether this picture of this slot is. */
export const follows = (): ((slot: number, now: number) => boolean) => {
  let shown = -1;
  let since = 0;
  let latest = 0;
  return (slot, now) => {
    if (slot !== shown && shown !== -1 && now - since < TURN_MS && now - latest < SILENT_MS) return false;
    if (slot !== shown) {
      shown = slot;
      since = now;
    }
    latest = now;
    return true;
  };
};
