/** What the decision to send an exchange rests on. */
export interface Situation {
  /** Slots to ask work for now. */
  slots: number;
  /** Slots that the latest exchange on the way asks for; null when none is on the way. */
  asked: number | null;
  /** Reports that wait: for how long, and whether a lease has ended with them. */
  waiting: { sinceMs: number; urgent: boolean } | null;
  /** Time since the last exchange was sent, ms. */
  silentMs: number;
  heartbeatMs: number;
}

/** Outcomes of a lease that goes on wait this long for others, ms, so that tiny units travel together. */
export const GATHER_MS = 250;

/**
 * Whether to send an exchange now: reports are due, more work is wanted than was asked for, work was asked for that
 * is wanted no more (a pause), or it is time for a heartbeat (at 0.8 of its interval: never late).
 */
export const due = ({ slots, asked, waiting, silentMs, heartbeatMs }: Situation): boolean => {
  if (waiting !== null && (waiting.urgent || waiting.sinceMs >= GATHER_MS)) return true;
  if (slots > (asked ?? 0)) return true;
  if (slots === 0 && asked !== null && asked > 0) return true;
  return silentMs >= 0.8 * heartbeatMs;
};
