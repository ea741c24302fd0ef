import type { CageEnd, CageEvents, CageLease } from '../api.ts';
import type { Run } from './run.ts';

/**
 * The run of a lease whose program was refused: in a later turn each of its units has the reason as its error, and it
 * is over.
 */
export const refuseRun = ({ units }: CageLease, reason: string, events: CageEvents, over: () => void): Run => {
  let isOver = false;
  const end = (how: CageEnd): void => {
    if (isOver) return;
    isOver = true;
    over();
    queueMicrotask(() => events.end(how));
  };
  queueMicrotask(() => {
    const error = { phase: 'load' as const, message: `Refused: ${reason}`, stack: '' };
    for (let n = 0; n < units.length && !isOver; n++) events.error(n, error, 0);
    end({ kind: 'done' });
  });
  return { runMs: 0, stop: () => end({ kind: 'stopped' }), tick: () => {}, failed: () => {}, end };
};
