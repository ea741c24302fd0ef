import type { ExchangeAnswer, Lease, Session } from '@gossamer/core';
import type { HeldLease } from '@gossamer/protocol';
import { REPORT_STATUS } from '@gossamer/protocol';
import { EVENT } from './events.ts';
import { beginAnew } from './identity.ts';
import type { Mail, Tab } from './tab.ts';
import { NOTHING } from './tab.ts';
import type { World } from './world.ts';
import { begin, finish, ranMs } from './working.ts';

const latency = ({ plan, streams }: World): number =>
  streams.network.between(plan.latencyMs.least, plan.latencyMs.most);

const heldOf = (world: World, tab: Tab): HeldLease[] =>
  tab.works.map((work) => ({
    lease: { epoch: work.ticket.epoch, number: work.ticket.number },
    runMs: ranMs(world, work),
  }));

/** Sends the exchange that the tab has ready, unless the network loses it. */
const send = (world: World, tab: Tab): void => {
  tab.flight = world.stamp();
  tab.parked = false;
  const { plan, streams } = world;
  if (streams.network.happens(plan.loss)) world.after(plan.resendMs, EVENT.resend, tab.person.number, tab.flight);
  else world.after(latency(world), EVENT.request, tab.person.number, tab.flight);
};

/** Reports what is done and asks for work, as far as there is something to say and no other exchange is on its way. */
export const ask = (world: World, tab: Tab): void => {
  if (tab.session === null || tab.frozen || (tab.flight !== 0 && !tab.parked)) return;
  if (tab.works.length === 0 && tab.outbox.length === 0) beginAnew(world, tab);
  const slots = Math.max(0, world.plan.slots - tab.works.length);
  if (slots === 0 && tab.outbox.length === 0) return;
  tab.command = { slots, held: heldOf(world, tab), reports: tab.outbox.map(({ report }) => report) };
  send(world, tab);
};

export const done = (world: World, tab: Tab, stamp: number): void => {
  if (finish(world, tab, stamp)) ask(world, tab);
};

const reply = (
  world: World,
  tab: Tab,
  session: Session,
  answer: Pick<ExchangeAnswer, 'granted' | 'revoked' | 'statuses'>,
): void => {
  tab.parked = false;
  const { plan, streams } = world;
  if (streams.network.happens(plan.loss)) {
    world.after(plan.resendMs, EVENT.resend, tab.person.number, tab.flight);
    return;
  }
  const mail: Mail = { stamp: world.stamp(), session, flight: tab.flight, answer };
  tab.mail.push(mail);
  world.after(latency(world), EVENT.answer, tab.person.number, mail.stamp);
};

/** The coordinator gets a request. Reports are acknowledged at once; without them and without work the tab waits. */
export const request = (world: World, tab: Tab, flight: number): void => {
  const { session, command } = tab;
  if (session === null || tab.flight !== flight) return;
  const answer = world.coordinator.exchange(session, command, world.now);
  const hasNews = command.reports.length > 0 || answer.revoked.length > 0;
  if (answer.parked && !hasNews) {
    tab.parked = true;
    world.after(world.plan.parkMs, EVENT.unpark, tab.person.number, flight);
  } else {
    if (answer.parked) world.coordinator.unpark(session);
    reply(world, tab, session, answer);
  }
  world.settle();
};

/** A parked exchange has waited for long enough: the tab is told so, and asks again. */
export const unparked = (world: World, tab: Tab, flight: number): void => {
  if (tab.session === null || tab.flight !== flight || !tab.parked) return;
  world.coordinator.unpark(tab.session);
  reply(world, tab, tab.session, { granted: [], revoked: [], statuses: [] });
};

/** A parked exchange is answered with work. */
export const served = (world: World, session: Session, granted: Lease[]): void => {
  const tab = world.tabOfDevice[session.device]!;
  if (tab.session === session) reply(world, tab, session, { granted, revoked: [], statuses: [] });
};

const open = (mail: Mail, world: World, tab: Tab): void => {
  if (mail.session !== tab.session) return;
  const { granted, revoked, statuses } = mail.answer;
  if (mail.flight === tab.flight) {
    acknowledge(tab, statuses);
    tab.flight = 0;
  }
  for (const { number } of revoked) tab.works = tab.works.filter(({ ticket }) => ticket.number !== number);
  for (const lease of granted) begin(world, tab, lease);
  ask(world, tab);
};

/** Reports that are on disk are dropped; others are repeated with their ticket. */
const acknowledge = (tab: Tab, statuses: ExchangeAnswer['statuses']): void => {
  const { reports } = tab.command;
  for (const [at, status] of statuses.entries()) {
    const entry = tab.outbox.find(({ report }) => report === reports[at]);
    if (entry === undefined) continue;
    if (status === REPORT_STATUS.ticketNeeded) entry.report = { ...entry.report, ticket: entry.ticket };
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

/** No answer came: the connection is broken. The tab opens another one and sends the same again. */
export const resend = (world: World, tab: Tab, flight: number): void => {
  if (tab.session === null || tab.flight !== flight) return;
  if (tab.frozen) return world.after(world.plan.resendMs, EVENT.resend, tab.person.number, flight);
  tab.session = world.coordinator.open(tab.device, world.plan.slots);
  send(world, tab);
};

/** Tells that a lease is still computed. Its way is not simulated, but for its loss: it carries nothing that waits. */
export const heartbeat = (world: World, tab: Tab, stamp: number): void => {
  if (tab.session === null || !tab.works.some((work) => work.stamp === stamp)) return;
  const { plan, streams } = world;
  world.after(plan.timing.heartbeatMs, EVENT.heartbeat, tab.person.number, stamp);
  if (!streams.network.happens(plan.loss)) beat(world, tab);
};

/** An exchange that is on its way says the same. */
export const beat = (world: World, tab: Tab): void => {
  if (tab.session === null || tab.works.length === 0 || tab.flight !== 0) return;
  const command = { slots: 0, held: heldOf(world, tab), reports: [] };
  const { revoked } = world.coordinator.exchange(tab.session, command, world.now);
  world.settle();
  if (revoked.length === 0) return;
  for (const { number } of revoked) tab.works = tab.works.filter(({ ticket }) => ticket.number !== number);
  ask(world, tab);
};
