import { streamsOf } from '../random/streams.ts';
import { EventQueue } from '../events/event-queue.ts';
import { Crowd } from './crowd.ts';
import type { CrowdPlan } from './crowd-plan.ts';

/**
 * How long the crowd of a seed would take for so much work (ms at speed 1) if nothing of its time were lost: from
 * `since` on until the integral of the speed of all who are present reaches it, ms.
 */
export const idealMakespan = (plan: CrowdPlan, seed: number, since: number, work: number): number => {
  const { arrivals, traits } = streamsOf(seed);
  const crowd = new Crowd(plan, arrivals, traits);
  const changes = new EventQueue();
  let visit = crowd.next();
  let speed = 0;
  let now = 0;
  let left = work;
  for (;;) {
    const at = Math.min(visit.arrivesAt, changes.due);
    const counted = Math.max(0, at - Math.max(now, since));
    if (speed * counted >= left) return Math.max(now, since) - since + left / speed;
    left -= speed * counted;
    now = at;
    if (visit.arrivesAt <= changes.due) {
      speed += visit.person.speed;
      changes.push(visit.leavesAt, 0, visit.person.number, 0);
      visit = crowd.next();
    } else {
      changes.next();
      speed -= crowd.persons[changes.subject]!.speed;
    }
  }
};
