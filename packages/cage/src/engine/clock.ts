/** How often the engine looks at its clock, ms. */
export const TICK_MS = 250;

/** Of a longer gap between two looks only so much counts: the engine was frozen, or its machine slept, ms. */
export const GAP_MS = 1000;

export interface RunClock {
  /** Run time since the clock was made, ms. Never goes back. */
  elapsed(): number;
  /** Called every `TICK_MS`. */
  tick(): void;
}

/** A clock that stands still while the engine does. */
export const makeRunClock = (now: () => number): RunClock => {
  let total = 0;
  let last = now();
  const elapsed = (): number => total + Math.max(0, Math.min(now() - last, GAP_MS));
  return {
    elapsed,
    tick: () => {
      total = elapsed();
      last = now();
    },
  };
};
