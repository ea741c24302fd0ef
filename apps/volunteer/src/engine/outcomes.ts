import type { CageEnd, CageError } from '@gossamer/cage/engine';
import type { AttemptReport, Payload } from '@gossamer/protocol';
import { LIMITS, OUTCOME, resultEncoding, resultOutcome } from '@gossamer/protocol';
import { errorBody } from './error-text.ts';

const encoder = new TextEncoder();
const RUN_MS_MAX = 0xffff_ffff;

const ms = (runMs: number): number => Math.max(0, Math.min(RUN_MS_MAX, Math.round(runMs)));

export const resultReport = (offset: number, payload: Payload, runMs: number): AttemptReport => ({
  offset,
  outcome: resultOutcome(payload.encoding),
  runMs: ms(runMs),
  body: payload.body,
});

/** Whether the report is of a result that no exchange carries. */
export const isLarge = ({ outcome, body }: AttemptReport): boolean =>
  body.byteLength > LIMITS.result && resultEncoding(outcome) !== null;

/** `log`: what the program logged of the unit. */
export const errorReport = (
  offset: number,
  error: CageError,
  runMs: number,
  log: readonly string[],
): AttemptReport => ({
  offset,
  outcome: OUTCOME.errored,
  runMs: ms(runMs),
  body: errorBody(error, log),
});

export const releaseReport = (offset: number, reason: string): AttemptReport => ({
  offset,
  outcome: OUTCOME.released,
  runMs: 0,
  body: encoder.encode(reason),
});

/**
 * What the end of a lease's worker means for the unit that it names: a unit that ran too long overran, one whose
 * worker flooded the door or died is an error of the program. Null where the end blames no unit; units without an
 * outcome are then given back. `log`: what the program logged of that unit.
 */
export const endReport = (end: CageEnd, runMs: number, log: readonly string[]): AttemptReport | null => {
  switch (end.kind) {
    case 'overran':
      return {
        offset: end.position,
        outcome: OUTCOME.overran,
        runMs: ms(runMs),
        // The coordinator has words of its own for it.
        body: errorBody({ phase: 'run', message: '', stack: '' }, log),
      };
    case 'flooded':
      return errorReport(
        end.position,
        { phase: 'run', message: 'the program sent more messages than it may', stack: '' },
        runMs,
        log,
      );
    case 'crashed':
      return errorReport(
        end.position,
        { phase: 'run', message: `the program's worker died: ${end.message}`, stack: '' },
        runMs,
        log,
      );
    case 'done':
    case 'starved':
    case 'dead':
    case 'stopped':
      return null;
  }
};

/** Why units without an outcome are given back when their worker has ended so. */
export const endReason = (end: CageEnd): string => {
  switch (end.kind) {
    case 'done':
      return 'the program ended without an outcome for this unit';
    case 'overran':
    case 'flooded':
    case 'crashed':
      return 'another unit of the lease ended its worker';
    case 'starved':
      return `shared data could not be had: ${end.message}`;
    case 'dead':
      return 'the renderer of the cage died';
    case 'stopped':
      return 'stopped';
  }
};
