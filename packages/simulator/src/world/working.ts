import type { Lease } from '@gossamer/core';
import type { AttemptReport, LeaseRef } from '@gossamer/protocol';
import { OUTCOME } from '@gossamer/protocol';
import { EPOCH } from '../grid/coordinator.ts';
import { resultBytes } from '../grid/results.ts';
import { codeOf } from '../population/liars.ts';
import { EVENT } from './events.ts';
import type { Tab, Work } from './tab.ts';
import type { World } from './world.ts';

const leftMs = ({ now }: World, work: Work): number =>
  work.stamp === 0 ? work.leftMs : work.leftMs - (now - work.since);

/** Run time of a lease so far, whole ms. */
export const ranMs = (world: World, work: Work): number =>
  Math.floor(work.unitMs * work.lease.units.length - leftMs(world, work));

/** The tab computes a lease from where it is, until it is done or something comes between. */
export const resume = (world: World, tab: Tab, work: Work): void => {
  work.stamp = world.stamp();
  work.since = world.now;
  const { prefetchMs, timing } = world.plan;
  const { number } = tab.person;
  world.after(work.leftMs, EVENT.done, number, work.stamp);
  if (work.leftMs > timing.heartbeatMs) world.after(timing.heartbeatMs, EVENT.heartbeat, number, work.stamp);
  // Otherwise whoever resumes it asks at once. A little later than it might be, so that no rounding makes it too early.
  if (prefetchMs > 0 && work.leftMs > prefetchMs) {
    world.after(work.leftMs - prefetchMs + 1, EVENT.prefetch, number, work.stamp);
  }
};

export const pause = (world: World, work: Work): void => {
  work.leftMs -= world.now - work.since;
  work.stamp = 0;
};

/** Leases that the tab has room for: its free slots, and those that will soon be free, less what is queued for them. */
export const wanted = (world: World, { works, queue }: Tab): number => {
  const { slots, prefetchMs } = world.plan;
  let free = slots - works.length - queue.length;
  if (prefetchMs > 0) for (const work of works) if (leftMs(world, work) <= prefetchMs) free += 1;
  return Math.max(0, free);
};

/** Queued leases begin in slots that are free. */
const fill = (world: World, tab: Tab): void => {
  while (tab.queue.length > 0 && tab.works.length < world.plan.slots) {
    const work = tab.queue.shift()!;
    tab.works.push(work);
    resume(world, tab, work);
  }
};

const has = (works: readonly Work[], lease: number): boolean => works.some((work) => work.lease.number === lease);

/** Takes a lease that was granted. One that the tab has already was only sent again. */
export const accept = (world: World, tab: Tab, lease: Lease): void => {
  if (has(tab.works, lease.number) || has(tab.queue, lease.number)) return;
  const unitMs = world.coordinator.jobOf(lease.job).plan.unitMs / tab.person.speed;
  tab.queue.push({ lease, unitMs, leftMs: unitMs * lease.units.length, since: world.now, stamp: 0 });
  fill(world, tab);
};

/** Ends leases that are of no use any more. */
export const drop = (world: World, tab: Tab, revoked: readonly LeaseRef[]): void => {
  if (revoked.length === 0) return;
  const isKept = ({ lease }: Work): boolean => !revoked.some(({ number }) => number === lease.number);
  tab.works = tab.works.filter(isKept);
  tab.queue = tab.queue.filter(isKept);
  fill(world, tab);
};

/** A lease is computed: its results wait to be sent, and the next one begins. False when the event is stale. */
export const finish = (world: World, tab: Tab, stamp: number): boolean => {
  const at = tab.works.findIndex((work) => work.stamp === stamp);
  if (at === -1) return false;
  const [work] = tab.works.splice(at, 1);
  const { lease, unitMs } = work!;
  const attempts = lease.units.map((unit, offset): AttemptReport => {
    const key = world.streams.lies;
    const code = codeOf(tab.person.liar, key, tab.device.number, lease.job, unit, tab.returned++);
    return { offset, outcome: OUTCOME.json, runMs: Math.round(unitMs), body: resultBytes(unit, code) };
  });
  tab.outbox.push({ report: { epoch: EPOCH, lease: lease.number, ticket: null, attempts }, lease });
  fill(world, tab);
  return true;
};
