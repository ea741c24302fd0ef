/** What this browser remembers of its volunteer, in localStorage; nothing of it leaves the browser. */
export interface Memory {
  /** The grid and operator that consent was given to; null before. */
  consent: string | null;
  paused: boolean;
  /** Programs that nobody vetted may run here. */
  playground: boolean;
  /** null: never chosen. */
  slots: number | null;
}

const KEY = 'gossamer.volunteer';
const NOTHING: Memory = { consent: null, paused: false, playground: false, slots: null };

/** Reads what is remembered; anything that does not fit counts as nothing. */
export const parseMemory = (text: string | null): Memory => {
  try {
    const value = JSON.parse(text ?? 'null') as Partial<Memory> | null;
    return {
      consent: typeof value?.consent === 'string' ? value.consent : null,
      paused: value?.paused === true,
      playground: value?.playground === true,
      slots: Number.isInteger(value?.slots) && value!.slots! > 0 ? value!.slots! : null,
    };
  } catch {
    return NOTHING;
  }
};

/** Storage may be denied: then nothing is remembered, and the page works all the same. */
export const recall = (): Memory => {
  try {
    return parseMemory(localStorage.getItem(KEY));
  } catch {
    return NOTHING;
  }
};

export const remember = (change: Partial<Memory>): void => {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...recall(), ...change }));
  } catch {
    // Denied, or full.
  }
};

export const forgetAll = (): void => {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Denied: there is nothing to remove.
  }
};

/** Calls `changed` when another tab of this browser has changed what is remembered. */
export const watchMemory = (changed: (memory: Memory) => void): void => {
  addEventListener('storage', (event) => {
    if (event.key === KEY || event.key === null) changed(parseMemory(event.newValue));
  });
};
