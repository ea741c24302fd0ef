/** Limits of the door, in bytes unless said otherwise. The boot keeps them, the engine judges by them. */
export const DOOR = {
  /** Messages beyond the credit that may come at once (a count). */
  burst: 20,
  /** Messages beyond the credit that may come each second in the long run (a count). */
  perSecond: 10,
  /** Lines of one unit's log (a count). */
  logLines: 64,
  /** Characters of one line. */
  logChars: 1000,
  /** Reads of shared data that may have no answer yet (a count): one more is a flood. */
  dataRequests: 16,
  /** Reads of shared data that are served at once, and each second in the long run (counts): more of them wait. */
  dataBurst: 100,
  dataPerSecond: 500,
  /** What one read may ask for. */
  dataBytes: 512 * 1024 * 1024,
  /** The clock of a unit stands still while its data is fetched, for no longer than this, ms. */
  dataWaitMs: 3_600_000,
  /** Side of a picture, pixels. */
  pictureSide: 512,
  /** Progress reports and pictures in one message (a count). */
  extras: 16,
  /** Records in one message (a count). */
  records: 8192,
  /** Characters of an error's message. */
  messageChars: 2000,
  /** Characters of an error's stack. */
  stackChars: 4000,
  /** What a message may hold besides one result of full size: packed small results, a log, a picture. */
  slack: 4 * 1024 * 1024,
} as const;
