/** What a unit had been through when it was retried: none of it counts since. */
export interface Before {
  /** Attempts that had come back. */
  attempts: number;
  lost: number;
}

/** A job that was complete: when, ms since 1970, and with what. A retry opens it again. */
export interface JobEnd {
  at: number;
  validated: number;
  failed: number;
  /** Times that its failed units had been retried before. */
  retries: number;
}
