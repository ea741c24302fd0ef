import type { Sha256 } from '@gossamer/protocol';

/** Inputs that came at once: those from unit `first` on lie in `blob`. */
export interface Piece {
  readonly first: number;
  readonly blob: Sha256;
}

/** What came so far of the inputs of a job whose source is a stream. Durable: a fold over `appended` and `closed`. */
export interface Intake {
  /** In the order of their units. */
  readonly pieces: Piece[];
  /** The largest input so far, bytes in an exchange. */
  longest: number;
  /** No more come. */
  isClosed: boolean;
  /** When the last ones came, or the job was created, ms since 1970. */
  lastAt: number;
}

export const newIntake = (at: number): Intake => ({ pieces: [], longest: 0, isClosed: false, lastAt: at });

/** The place in `pieces` of the one with a unit's input. The unit must be one of the job's. */
export const pieceOf = ({ pieces }: Intake, unit: number): number => {
  let [low, high] = [0, pieces.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (pieces[middle]!.first <= unit) low = middle;
    else high = middle - 1;
  }
  return low;
};
