const FIRST_MS = 1000;
const MOST_MS = 15_000;

/** How long to wait before try number `tries` (0 is the first one after a loss), ms; `chance` is in [0, 1). */
export const backoffMs = (tries: number, chance: number): number => {
  const whole = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(tries, 10));
  // At least half of it, so that dashboards do not all come back at the same moment.
  return Math.round(whole * (0.5 + chance / 2));
};
