import type { Lease } from '@gossamer/core';
import type { AttemptReport } from '@gossamer/protocol';
import { OUTCOME } from '@gossamer/protocol';
import { resultBytes } from '../grid/results.ts';
import { codeOf } from '../population/liars.ts';
import { EVENT } from './events.ts';
import type { Tab, Work } from './tab.ts';
import type { World } from './world.ts';

/** Run time of a lease so far, whole ms. */
export const ranMs = (world: World, work: Work): number => {
  const leftMs = work.stamp === 0 ? work.leftMs : work.leftMs - (world.now - work.since);
  return Math.floor(work.unitMs * work.ticket.units.length - leftMs);
};

/** The tab computes a lease from where it is, until it is done or something comes between. */
export const resume = (world: World, tab: Tab, work: Work): void => {
  work.stamp = world.stamp();
  work.since = world.now;
  const { heartbeatMs } = world.plan.timing;
  world.after(work.leftMs, EVENT.done, tab.person.number, work.stamp);
  if (work.leftMs > heartbeatMs) world.after(heartbeatMs, EVENT.heartbeat, tab.person.number, work.stamp);
};

export const pause = (world: World, work: Work): void => {
  work.leftMs -= world.now - work.since;
  work.stamp = 0;
};

/** Begins a lease that was granted. One that the tab has already was only sent again. */
export const begin = (world: World, tab: Tab, lease: Lease): void => {
  if (tab.works.some(({ ticket }) => ticket.number === lease.number)) return;
  const unitMs = world.coordinator.jobOf(lease.job).plan.unitMs / tab.person.speed;
  const ticket = {
    epoch: world.coordinator.scheduler.options.epoch,
    number: lease.number,
    job: lease.job,
    units: [...lease.units],
  };
  const work: Work = { ticket, unitMs, leftMs: unitMs * ticket.units.length, since: world.now, stamp: 0 };
  tab.works.push(work);
  resume(world, tab, work);
};

/** A lease is computed: its results wait to be sent. False when the event is stale. */
export const finish = (world: World, tab: Tab, stamp: number): boolean => {
  const at = tab.works.findIndex((work) => work.stamp === stamp);
  if (at === -1) return false;
  const [work] = tab.works.splice(at, 1);
  const { ticket, unitMs } = work!;
  const attempts = ticket.units.map((unit, offset): AttemptReport => {
    const key = world.streams.lies;
    const code = codeOf(tab.person.liar, key, tab.device.number, ticket.job, unit, tab.returned++);
    return { offset, outcome: OUTCOME.json, runMs: Math.round(unitMs), body: resultBytes(unit, code) };
  });
  tab.outbox.push({ report: { epoch: ticket.epoch, lease: ticket.number, ticket: null, attempts }, ticket });
  return true;
};
