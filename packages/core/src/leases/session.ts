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
  /** Jobs whose program the tab refused to run, with why not; null when it refused none. */
  refused: Map<number, string> | null;
}
