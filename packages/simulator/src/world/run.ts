import type { SimJob } from '../grid/sim-job.ts';
import { EVENT } from './events.ts';
import { answered, done, heartbeat, prefetch, request, resend, served, unparked } from './exchanging.ts';
import type { Tab } from './tab.ts';
import { arrive, freeze, leave, reload, reopen, thaw } from './visiting.ts';
import type { World } from './world.ts';

const happenToVisit = (world: World, tab: Tab, kind: number): void => {
  switch (kind) {
    case EVENT.leave:
      return leave(world, tab);
    case EVENT.freeze:
      return freeze(world, tab);
    case EVENT.thaw:
      return thaw(world, tab);
    case EVENT.reload:
      return reload(world, tab);
    case EVENT.reopen:
      return reopen(world, tab);
    default:
  }
};

const happenToTab = (world: World, tab: Tab, kind: number, stamp: number): void => {
  switch (kind) {
    case EVENT.done:
      return done(world, tab, stamp);
    case EVENT.request:
      return request(world, tab, stamp);
    case EVENT.answer:
      return answered(world, tab, stamp);
    case EVENT.heartbeat:
      return heartbeat(world, tab, stamp);
    case EVENT.prefetch:
      return prefetch(world, tab, stamp);
    case EVENT.resend:
      return resend(world, tab, stamp);
    case EVENT.unpark:
      return unparked(world, tab, stamp);
    default:
      if (tab.visit !== null && tab.visitStamp === stamp) happenToVisit(world, tab, kind);
  }
};

const happen = (world: World): void => {
  const { kind, subject, stamp } = world.queue;
  const { coordinator, plan } = world;
  switch (kind) {
    case EVENT.arrive:
      arrive(world, world.upcoming);
      world.upcoming = world.crowd.next();
      return world.queue.push(world.upcoming.arrivesAt, EVENT.arrive, 0, 0);
    case EVENT.tick:
      coordinator.loseOverdue(world.now);
      world.settle();
      return world.after(plan.tickMs, EVENT.tick, 0, 0);
    case EVENT.wake:
      world.wakes = false;
      for (const { session, granted } of coordinator.serve(world.now)) served(world, session, granted);
      return world.settle();
    case EVENT.verdict:
      coordinator.judge(world.nextQuestion(), world.now);
      return world.settle();
    case EVENT.checkpoint:
      coordinator.check();
      return world.after(plan.checkpointMs, EVENT.checkpoint, 0, 0);
    default:
      happenToTab(world, world.tabs[subject]!, kind, stamp);
  }
};

/** Lets time pass until the condition holds (true), or until then, virtual ms (false). */
export const run = (world: World, untilMs: number, condition: () => boolean = () => false): boolean => {
  const { queue } = world;
  for (;;) {
    if (condition()) return true;
    if (queue.due > untilMs) {
      world.now = Math.max(world.now, untilMs);
      return false;
    }
    queue.next();
    world.now = queue.time;
    world.events += 1;
    happen(world);
  }
};

/** Lets time pass until the jobs are complete; false when they are not by then. */
export const complete = (world: World, jobs: readonly SimJob[], untilMs: number): boolean => {
  // Asked at every event: those that are complete stay so, and are not looked at again.
  let done = 0;
  return run(world, untilMs, () => {
    while (done < jobs.length && jobs[done]!.completedAt !== null) done += 1;
    return done === jobs.length;
  });
};
