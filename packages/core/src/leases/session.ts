/** That a tab did not take a job's program for what was signed. */
export interface Refused {
  /** Why not, in words. */
  reason: string;
  /** Until then it is given nothing of the job, ms since 1970. */
  until: number;
  times: number;
}

/** One connection of a device. Volatile. */
export interface Session {
  readonly number: number;
  readonly device: number;
  /** Slots that the volunteer lends. */
  slots: number;
  /** Slots that wait for work, while an exchange is parked; else 0. */
  parked: number;
  /** Nothing was exchanged yet: leases that the device does not name in its first exchange were lost. */
  fresh: boolean;
  /** Jobs whose program the tab refused to run; null when it refused none. */
  refused: Map<number, Refused> | null;
}
