import { standingInGrid } from '../trust/standing.ts';
import type { Crowd, Scheduler } from './state.ts';

const FRESH_FOR_MS = 5000;
/** So few are counted again whenever one comes or goes. */
const FEW = 64;

/** Who is connected: counted again when that is some seconds old, as it costs a look at each session. */
export const crowdOf = (scheduler: Scheduler, now: number): Crowd => {
  const { crowd, sessions } = scheduler;
  const isStale = now - crowd.at >= FRESH_FOR_MS || (sessions.size !== crowd.sessions && sessions.size <= FEW);
  if (!isStale) return crowd;
  crowd.at = now;
  crowd.sessions = sessions.size;
  crowd.slots = 0;
  crowd.fresh = 0;
  crowd.caught = 0;
  for (const { device, slots } of sessions.values()) {
    crowd.slots += slots;
    const standing = standingInGrid(scheduler, device);
    if (standing === 'new') crowd.fresh += slots;
    if (standing === 'caught') crowd.caught += slots;
  }
  return crowd;
};
