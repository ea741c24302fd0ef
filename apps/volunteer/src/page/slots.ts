import { LIMITS } from '@gossamer/protocol';

/** The most slots that this computer is offered for: one a logical processor. */
export const slotsMax = (processors: number | undefined): number =>
  Math.max(1, Math.min(LIMITS.slots, Math.floor(processors ?? 1)));

/** Half of the computer to begin with: it stays pleasant to use. */
const byDefault = (max: number): number => Math.max(1, Math.floor(max / 2));

/** The slots to begin with: what the address asks for (`?slots=N`, for kiosks), what was chosen before, or half. */
export const slotsAtStart = (query: string, remembered: number | null, max: number): number => {
  const asked = Number(new URLSearchParams(query).get('slots') ?? Number.NaN);
  const wish = Number.isInteger(asked) && asked > 0 ? asked : (remembered ?? byDefault(max));
  return Math.min(max, wish);
};
