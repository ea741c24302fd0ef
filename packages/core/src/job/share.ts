/** How far a submitter's jobs of one priority have been served together. */
export interface Share {
  /** Run time given, ms. */
  pass: number;
  /** The pass of the job that was served last: one that had nothing to give meanwhile goes on from there. */
  served: number;
}
