/** Kinds of events. The subject is a person's number, where there is one; the stamp tells stale ones. */
export const EVENT = {
  arrive: 0,
  leave: 1,
  freeze: 2,
  thaw: 3,
  reload: 4,
  reopen: 5,
  /** A request reaches the coordinator, its answer the tab. */
  request: 6,
  answer: 7,
  /** An answer is missing. */
  resend: 8,
  /** An exchange was parked for long enough. */
  unpark: 9,
  /** A lease is computed. */
  done: 10,
  heartbeat: 11,
  /** A lease is nearly computed: the next one is asked for. */
  prefetch: 16,
  tick: 12,
  wake: 13,
  verdict: 14,
  checkpoint: 15,
} as const;
