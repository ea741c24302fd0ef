/** A question to the judge: are both results the same? Attempts by their place in the table. */
export interface Question {
  reference: number;
  candidate: number;
}

/** A unit's unjudged results, sorted by what they say. */
export interface Agreements {
  /** Results that agree: attempts, oldest first. The group with the most members first, the older one on a tie. */
  groups: number[][];
  /** What must be asked before the others are sorted. */
  questions: Question[];
  /** Results that are not sorted yet. */
  unsorted: number;
}

export const NO_RESULTS: Agreements = { groups: [], questions: [], unsorted: 0 };
