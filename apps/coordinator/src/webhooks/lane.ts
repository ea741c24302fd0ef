import type { DeliveryRow, Position } from '@gossamer/store';

/** Before all that can be told of a job. */
export const BEGINNING: Position = { fact: 0, unit: -1 };

/** A queue of one webhook: that of a job, or of one delivery that was asked for by hand. One delivery at a time. */
export interface Lane {
  /** null: of a delivery by hand. */
  readonly job: number | null;
  /** Up to where the webhook was told of the job, the delivery under way included. */
  position: Position;
  /** The job's end was told, or is by the delivery under way. */
  ended: boolean;
  /** Times that the job's failed units were retried, as of the last look. */
  retries: number;
  delivery: DeliveryRow | null;
  /** There may be more to tell. */
  isDirty: boolean;
  isBusy: boolean;
  /** Its job was deleted. */
  isGone: boolean;
  /** Stops the timer on which it waits. */
  stop: (() => void) | null;
}

export const newLane = (job: number | null, position: Position = BEGINNING): Lane => ({
  job,
  position,
  ended: false,
  retries: 0,
  delivery: null,
  isDirty: false,
  isBusy: false,
  isGone: false,
  stop: null,
});
