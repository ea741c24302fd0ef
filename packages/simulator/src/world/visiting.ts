import type { Visit } from '../population/crowd.ts';
import { EVENT } from './events.ts';
import { ask, beat, openLate } from './exchanging.ts';
import { tabOf } from './identity.ts';
import type { Tab } from './tab.ts';
import { NOTHING } from './tab.ts';
import type { World } from './world.ts';
import { pause, resume } from './working.ts';

const connect = (world: World, tab: Tab): void => {
  tab.session = world.coordinator.open(tab.device, world.plan.slots);
  ask(world, tab);
};

/** The page is gone, and all that it knew. Its leases wait on the coordinator for the device to come back. */
const vanish = (world: World, tab: Tab): void => {
  if (tab.session !== null) world.coordinator.close(tab.session, world.now);
  tab.session = null;
  tab.frozen = false;
  tab.works = [];
  tab.queue = [];
  tab.outbox = [];
  tab.flight = 0;
  tab.command = NOTHING;
  tab.parked = 0;
  tab.mail = [];
  tab.late = [];
};

export const arrive = (world: World, visit: Visit): void => {
  const tab = tabOf(world, visit.person);
  const { number } = visit.person;
  const { presence } = world.streams;
  tab.visit = visit;
  tab.visitStamp += 1;
  world.queue.push(visit.leavesAt, EVENT.leave, number, tab.visitStamp);
  world.after(presence.exponential(world.plan.freezeEveryMs), EVENT.freeze, number, tab.visitStamp);
  world.after(presence.exponential(world.plan.reloadEveryMs), EVENT.reload, number, tab.visitStamp);
  connect(world, tab);
};

export const leave = (world: World, tab: Tab): void => {
  vanish(world, tab);
  tab.visit = null;
};

/** The browser stops the tab: nothing is computed or sent; what comes in waits. */
export const freeze = (world: World, tab: Tab): void => {
  const { medianMs, sigma } = world.plan.freeze;
  world.after(world.streams.presence.logNormal(medianMs, sigma), EVENT.thaw, tab.person.number, tab.visitStamp);
  tab.frozen = true;
  for (const work of tab.works) pause(world, work);
};

export const thaw = (world: World, tab: Tab): void => {
  const { presence } = world.streams;
  world.after(presence.exponential(world.plan.freezeEveryMs), EVENT.freeze, tab.person.number, tab.visitStamp);
  if (!tab.frozen) return;
  tab.frozen = false;
  for (const work of tab.works) resume(world, tab, work);
  beat(world, tab);
  openLate(world, tab);
  ask(world, tab);
};

export const reload = (world: World, tab: Tab): void => {
  const { presence } = world.streams;
  const { medianMs, sigma } = world.plan.reload;
  const gapMs = presence.logNormal(medianMs, sigma);
  world.after(gapMs, EVENT.reopen, tab.person.number, tab.visitStamp);
  world.after(gapMs + presence.exponential(world.plan.reloadEveryMs), EVENT.reload, tab.person.number, tab.visitStamp);
  vanish(world, tab);
};

export const reopen = (world: World, tab: Tab): void => {
  if (tab.session === null) connect(world, tab);
};
