import type { ExchangeAnswer, Held, Lease, Session } from '@gossamer/core';
import type { LeaseTicket } from '@gossamer/protocol';
import { REPORT_STATUS } from '@gossamer/protocol';
import { EPOCH } from '../grid/coordinator.ts';
import { EVENT } from './events.ts';
import { beginAnew, isWorn } from './identity.ts';
import type { Mail, Tab, Work } from './tab.ts';
import { NOTHING } from './tab.ts';
import type { World } from './world.ts';
import { accept, drop, finish, ranMs, wanted } from './working.ts';

const latency = ({ plan, streams }: World): number =>
  streams.network.between(plan.latencyMs.least, plan.latencyMs.most);

const refer = (world: World, work: Work): Held => ({
  lease: { epoch: EPOCH, number: work.lease.number },
  runMs: ranMs(world, work),
});

const heldOf = (world: World, { works, queue }: Tab): Held[] => {
  const held = works.map((work) => refer(world, work));
  for (const work of queue) held.push(refer(world, work));
  return held;
};

/** Everything on the connection is lost with it: nothing older than what the tab sends next will be answered. */
const breakOff = (world: World, tab: Tab): void => {
  tab.flight = world.stamp();
  world.after(world.plan.resendMs, EVENT.resend, tab.person.number, tab.flight);
};

/** Sends what the tab has to say, unless the network loses it. */
const send = (world: World, tab: Tab, slots: number): void => {
  tab.command = { slots, held: heldOf(world, tab), reports: tab.outbox.map(({ report }) => report) };
  if (world.streams.network.happens(world.plan.loss)) return breakOff(world, tab);
  tab.flight = world.stamp();
  world.after(latency(world), EVENT.request, tab.person.number, tab.flight);
};

/** Another exchange may follow: none is on its way, or only one that waits for work. */
const isFree = ({ flight, parked }: Tab): boolean => flight === 0 || flight === parked;

/** Reports what is done and asks for work, as far as there is something to say and no other exchange is on its way. */
export const ask = (world: World, tab: Tab): void => {
  if (tab.session === null || tab.frozen || !isFree(tab)) return;
  if (isWorn(tab) && tab.works.length === 0 && tab.outbox.length === 0) beginAnew(world, tab);
  // A sybil finishes what it has before it begins anew.
  const slots = isWorn(tab) ? 0 : wanted(world, tab);
  const isSaid = tab.flight !== 0 && slots === tab.command.slots;
  if ((slots === 0 || isSaid) && tab.outbox.length === 0) return;
  send(world, tab, slots);
};

/** A lease will be done before long: it is time to ask for the next one. */
export const prefetch = (world: World, tab: Tab, stamp: number): void => {
  if (tab.works.some((work) => work.stamp === stamp)) ask(world, tab);
};

export const done = (world: World, tab: Tab, stamp: number): void => {
  if (finish(world, tab, stamp)) ask(world, tab);
};

type Answer = Mail['answer'];

const reply = (world: World, tab: Tab, session: Session, flight: number, answer: Answer): void => {
  const { plan, streams } = world;
  if (streams.network.happens(plan.loss)) return breakOff(world, tab);
  const mail: Mail = { stamp: world.stamp(), session, flight, answer };
  tab.mail.push(mail);
  world.after(latency(world), EVENT.answer, tab.person.number, mail.stamp);
};

/** The coordinator gets a request. Reports are acknowledged at once; without them and without work the tab waits. */
export const request = (world: World, tab: Tab, flight: number): void => {
  const { session, command } = tab;
  if (session === null || tab.flight !== flight) return;
  const answer = world.coordinator.exchange(session, command, world.now);
  const hasNews = command.reports.length > 0 || answer.revoked.length > 0;
  tab.parked = 0;
  if (answer.parked && !hasNews) {
    tab.parked = flight;
    world.after(world.plan.parkMs, EVENT.unpark, tab.person.number, flight);
  } else {
    if (answer.parked) world.coordinator.unpark(session);
    reply(world, tab, session, flight, answer);
  }
  world.settle();
};

/** Answers an exchange that was parked. */
const release = (world: World, tab: Tab, session: Session, granted: Lease[]): void => {
  const flight = tab.parked;
  tab.parked = 0;
  reply(world, tab, session, flight, { granted, revoked: [], statuses: [] });
};

/** A parked exchange has waited for long enough: the tab is told so, and asks again. */
export const unparked = (world: World, tab: Tab, flight: number): void => {
  if (tab.session === null || tab.parked !== flight) return;
  world.coordinator.unpark(tab.session);
  release(world, tab, tab.session, []);
};

/** A parked exchange is answered with work. */
export const served = (world: World, session: Session, granted: Lease[]): void => {
  const tab = world.tabOfDevice[session.device]!;
  if (tab.session === session) release(world, tab, session, granted);
};

const open = (mail: Mail, world: World, tab: Tab): void => {
  if (mail.session !== tab.session) return;
  const { granted, revoked, statuses } = mail.answer;
  if (mail.flight === tab.flight) {
    acknowledge(tab, statuses);
    tab.flight = 0;
  }
  drop(world, tab, revoked);
  for (const lease of granted) accept(world, tab, lease);
  ask(world, tab);
};

const ticketOf = ({ number, job, units }: Lease): LeaseTicket => ({ epoch: EPOCH, number, job, units: [...units] });

/** Reports that are on disk are dropped; others are repeated with their ticket. */
const acknowledge = (tab: Tab, statuses: ExchangeAnswer['statuses']): void => {
  const { reports } = tab.command;
  for (const [at, status] of statuses.entries()) {
    const entry = tab.outbox.find(({ report }) => report === reports[at]);
    if (entry === undefined) continue;
    if (status === REPORT_STATUS.ticketNeeded) entry.report = { ...entry.report, ticket: ticketOf(entry.lease) };
    else tab.outbox.splice(tab.outbox.indexOf(entry), 1);
  }
  tab.command = NOTHING;
};

export const answered = (world: World, tab: Tab, stamp: number): void => {
  const at = tab.mail.findIndex((mail) => mail.stamp === stamp);
  if (at === -1) return;
  const [mail] = tab.mail.splice(at, 1);
  if (tab.frozen) tab.late.push(mail!);
  else open(mail!, world, tab);
};

/** The tab runs again: it sees what has come meanwhile. */
export const openLate = (world: World, tab: Tab): void => {
  for (const mail of tab.late.splice(0)) open(mail, world, tab);
};

/** No answer came: the connection is broken. The tab opens another one and says anew what it has to say. */
export const resend = (world: World, tab: Tab, flight: number): void => {
  if (tab.session === null || tab.flight !== flight) return;
  if (tab.frozen) return world.after(world.plan.resendMs, EVENT.resend, tab.person.number, flight);
  tab.session = world.coordinator.open(tab.device, world.plan.slots);
  tab.parked = 0;
  send(world, tab, wanted(world, tab));
};

/** Tells that leases are still computed. */
export const heartbeat = (world: World, tab: Tab, stamp: number): void => {
  if (tab.session === null || !tab.works.some((work) => work.stamp === stamp)) return;
  const { plan, streams } = world;
  world.after(plan.timing.heartbeatMs, EVENT.heartbeat, tab.person.number, stamp);
  if (!streams.network.happens(plan.loss)) beat(world, tab);
};

/**
 * Names the leases that the tab has. An exchange that is on its way does so, too; one that waits for work is put anew.
 * Otherwise the way is not simulated, but for its loss: it carries nothing that waits.
 */
export const beat = (world: World, tab: Tab): void => {
  if (tab.session === null || tab.works.length === 0 || !isFree(tab)) return;
  if (tab.flight !== 0) return send(world, tab, wanted(world, tab));
  const command = { slots: 0, held: heldOf(world, tab), reports: [] };
  const { revoked } = world.coordinator.exchange(tab.session, command, world.now);
  world.settle();
  if (revoked.length === 0) return;
  drop(world, tab, revoked);
  ask(world, tab);
};
