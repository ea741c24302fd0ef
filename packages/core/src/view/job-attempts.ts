import type { AttemptState } from '@gossamer/protocol';
import type { Job } from '../job/job.ts';
import type { DeviceAttempt } from './device-attempts.ts';
import { ATTEMPT_STATES } from './unit.ts';

/** Records that are looked at for one page: a few ms. */
const MOST_LOOKS = 1 << 20;

/**
 * The attempts of a job that came back, in the order of their coming, from the one at place `from` on, at most `limit`, of
 * one state where one is asked for; and where to go on, null at the end. A page costs no more than a bounded number of
 * looks, so it may hold less than there is to come.
 */
export const jobAttempts = (
  { number, attempts }: Job,
  from: number,
  limit: number,
  state?: AttemptState,
  mostLooks = MOST_LOOKS,
): { items: DeviceAttempt[]; next: number | null } => {
  const items: DeviceAttempt[] = [];
  const wanted = state === undefined ? -1 : ATTEMPT_STATES.findIndex((known) => known === state);
  for (let at = from; at < attempts.length; at++) {
    if (items.length === limit || at - from === mostLooks) return { items, next: at };
    if (state !== undefined && attempts.state[at] !== wanted) continue;
    items.push({
      job: number,
      unit: attempts.unit[at]!,
      epoch: attempts.epoch[at]!,
      lease: attempts.lease[at]!,
      offset: attempts.offset[at]!,
      device: attempts.device[at]!,
      state: ATTEMPT_STATES[attempts.state[at]!]!,
    });
  }
  return { items, next: null };
};
