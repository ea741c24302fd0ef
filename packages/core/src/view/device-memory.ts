import type { Scheduler } from '../scheduler/state.ts';

/** What is known of a device in memory alone; null where nothing is. Times are ms since 1970. */
export interface DeviceMemory {
  /** Of its session. */
  slots: number | null;
  /** How many times longer than others it computes, and the most units that it brought back of one lease. */
  speed: { factor: number | null; reach: number } | null;
  /** When its last session ended, as long as something waits for it to come back. */
  left: number | null;
  /** When a device that was caught was last given something. */
  lastGrant: number | null;
  /** Jobs of which it is given nothing until then, as its tab refused their programs. */
  resting: { job: number; detail: string; until: number; times: number }[];
}

/** What the scheduler remembers of a device beside its leases: its owner may ask for it. */
export const memoryOf = (scheduler: Scheduler, number: number): DeviceMemory => {
  const session = scheduler.sessions.get(scheduler.sessionOf.get(number) ?? 0);
  const { speeds } = scheduler;
  const reach = speeds.reachOf(number);
  return {
    slots: session?.slots ?? null,
    speed: reach === 0 ? null : { factor: speeds.factorOf(number) ?? null, reach },
    left: scheduler.left.get(number) ?? scheduler.gone.get(number) ?? null,
    lastGrant: scheduler.lastGrant.get(number) ?? null,
    resting: [...(session?.refused ?? [])].map(([job, { reason, until, times }]) => ({
      job,
      detail: reason,
      until,
      times,
    })),
  };
};
