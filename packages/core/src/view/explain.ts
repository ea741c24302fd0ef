import type { WaitingFor, WaitingKind } from '@gossamer/protocol';
import type { Job } from '../job/job.ts';
import { isAwaiting, isOpen } from '../job/job.ts';
import { LANE } from '../job/ready.ts';
import { UNIT } from '../job/units.ts';
import type { Device } from '../leases/devices.ts';
import { lacks, refusal, restOf } from '../scheduler/eligible.ts';
import { unitsInTime } from '../scheduler/horizon.ts';
import { isRecalling } from '../scheduler/recall.ts';
import type { Scheduler } from '../scheduler/state.ts';

/** What something waits for, in words and for programs. */
export interface Waiting extends WaitingFor {
  text: string;
}

const waits = (kind: WaitingKind, text: string): Waiting => ({ kind, text, kinships: [] });

/** Why a connected device may not have a unit, and what helps. */
type Obstacle = { kind: 'kin'; kin: 'device' | 'volunteer' | 'prefix' | 'class' } | { kind: 'other'; text: string };

/** How a connected device is kin to one that took part, and what the switch that allows it is called. */
const KIN_WORDS = {
  device: { kin: 'has computed them already', switch: 'device' },
  volunteer: { kin: 'belongs to a volunteer who has', switch: 'volunteer' },
  prefix: { kin: 'is on the network of one that has', switch: 'network' },
  class: { kin: 'has another kind of browser than the one that has', switch: null },
} as const;

export const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** What keeps a device from any unit of a job, by the predicates that dispatch uses; null when nothing does. */
export const obstacleTo = (scheduler: Scheduler, job: Job, device: Device, now: number): string | null => {
  const lack = lacks(scheduler, job, device, now);
  if (lack !== null) return lack;
  const rest = restOf(scheduler, job, device, now);
  if (rest === 0) return null;
  return `it was caught with a wrong result, and is tried again in ${Math.ceil(rest / 1000)} s`;
};

/** What keeps all connected devices from units in which `devices` take part; null when one may have them. */
const obstacles = (
  scheduler: Scheduler,
  job: Job,
  devices: readonly number[],
  now: number,
): Map<string, Obstacle> | null => {
  const found = new Map<string, Obstacle>();
  for (const session of scheduler.sessions.values()) {
    const device = scheduler.devices.get(session.device)!;
    const text = obstacleTo(scheduler, job, device, now);
    const kin = text === null ? refusal(scheduler, job, device, devices) : null;
    if (text !== null) found.set(text, { kind: 'other', text });
    else if (kin === null) return null;
    else found.set(kin, { kind: 'kin', kin });
  }
  return found;
};

/** The kinships of those for which there is a switch. */
const switchable = (found: ReadonlyMap<string, Obstacle>): WaitingFor['kinships'] =>
  [...found.values()].flatMap((obstacle) =>
    obstacle.kind === 'kin' && obstacle.kin !== 'class' ? [obstacle.kin] : [],
  );

const advice = (kinships: WaitingFor['kinships']): string => {
  const switches = kinships.map((kin) => KIN_WORDS[kin].switch);
  if (switches.length === 0) return 'Open the page on another device.';
  return `Open the page on another device, or switch off independence by ${switches.join(' and ')} for this job.`;
};

/** Says why nobody may have `count` units. */
const forAnother = (found: ReadonlyMap<string, Obstacle>, count: number): Waiting => {
  const kinships = switchable(found);
  const reasons = [...found.values()].map((obstacle) =>
    obstacle.kind === 'kin' ? KIN_WORDS[obstacle.kin].kin : `cannot have them: ${obstacle.text}`,
  );
  const text =
    `${plural(count, 'unit')} ${count === 1 ? 'waits' : 'wait'} for another, independent device: each connected one ` +
    `${reasons.join(', or ')}. ${advice(kinships)}`;
  return { kind: 'independent-device', text, kinships };
};

/** Groups of waiting units that are looked at for the words: the next ones hardly have other reasons. */
const MOST_GROUPS = 100;
const NOBODY = waits('volunteer', 'No volunteer is connected.');
const SLOT = waits('slot', 'It waits for a free slot.');
const RECALL = waits(
  'return',
  'It may be out with a device that has not come back since the coordinator was started: it waits for that a little.',
);

const whileHeld = (job: Job): Waiting | null => {
  if (job.order.kind !== 'held') return null;
  return waits('release', job.order.reason === '' ? 'It is held.' : `It is held: ${job.order.reason}`);
};

const whileAwaiting = (job: Job): Waiting | null => {
  const { validated, failed } = job.counts;
  if (!isAwaiting(job) || validated + failed < job.total) return null;
  const so =
    job.total === 0
      ? 'None of its inputs have come yet'
      : `All ${plural(job.total, 'input')} that came so far ${job.total === 1 ? 'is' : 'are'} computed`;
  return waits('inputs', `${so}: it waits for more of them, or to be told that there are no more.`);
};

/**
 * Why nothing of a job runs now, by the predicates that dispatch itself uses; null while something runs or nothing is left to
 * do.
 */
export const jobWaits = (scheduler: Scheduler, job: Job, now: number): Waiting | null => {
  const held = whileHeld(job);
  if (held !== null) return held;
  if (!isOpen(job) || job.leased > 0) return null;
  const awaiting = whileAwaiting(job);
  if (awaiting !== null) return awaiting;
  if (scheduler.sessions.size === 0) return NOBODY;
  const nobodyMay = obstacles(scheduler, job, [], now);
  if (nobodyMay !== null) {
    return waits('able-device', `Each connected device is kept from it: ${[...nobodyMay.keys()].join('; or ')}.`);
  }
  if (job.fresh < job.total) return waits('turn', 'It waits for a free slot; other jobs are served first.');
  if (job.ready.size === 0) {
    if (job.asked.size > 0) return waits('program', `The program is asked about ${plural(job.asked.size, 'result')}.`);
    if (job.counts.provisional === 0) return null;
    const results = plural(job.counts.provisional, 'result');
    return waits('checks', `${results} of single devices will be checked before they are final.`);
  }
  if (isRecalling(scheduler, job, now)) return RECALL;
  const all = new Map<string, Obstacle>();
  let looks = 0;
  for (const lane of [LANE.work, LANE.checks]) {
    for (const group of job.ready.groups(lane)) {
      if (looks++ === MOST_GROUPS) break;
      const found = obstacles(scheduler, job, group.devices, now);
      if (found === null) return SLOT;
      for (const [key, obstacle] of found) all.set(key, obstacle);
    }
  }
  return forAnother(all, job.ready.size);
};

export const explainWaiting = (scheduler: Scheduler, job: Job, now: number): string | null =>
  jobWaits(scheduler, job, now)?.text ?? null;

/** Why nothing of one unit runs now; null while something does, or when it is settled. */
export const unitWaits = (scheduler: Scheduler, job: Job, unit: number, now: number): Waiting | null => {
  const { state } = job.units;
  if (unit < job.units.length && state[unit] !== UNIT.open && state[unit] !== UNIT.provisional) return null;
  if (job.order.kind === 'cancelled' || job.holders.has(unit)) return null;
  const held = whileHeld(job);
  if (held !== null) return held;
  if (unit < job.units.length && state[unit] === UNIT.provisional) {
    return waits(
      'checks',
      'It stands on the word of one device, and is final when that device has survived later checks.',
    );
  }
  if (scheduler.sessions.size === 0) return NOBODY;
  if (unit >= job.fresh) {
    return waits('turn', `It waits for its turn: ${plural(unit - job.fresh, 'unit')} of the job come before it.`);
  }
  if (!job.ready.has(unit)) return waits('program', 'The program is asked about its results.');
  if (isRecalling(scheduler, job, now)) return RECALL;
  const found = obstacles(scheduler, job, job.ready.devicesOf(unit), now);
  return found === null ? SLOT : forAnother(found, 1);
};

export const explainUnit = (scheduler: Scheduler, job: Job, unit: number, now: number): string | null =>
  unitWaits(scheduler, job, unit, now)?.text ?? null;

/** Why a connected device computes nothing, in words; null while it does, or when it is not connected. */
export const explainDevice = (scheduler: Scheduler, number: number, now: number): string | null => {
  const device = scheduler.devices.get(number);
  if (device === undefined || !scheduler.sessionOf.has(number) || scheduler.leasesOf.has(number)) return null;
  const jobs = [...scheduler.jobs.values()].filter(isOpen);
  if (jobs.length === 0) return 'No job has work now.';
  const reasons = new Set<string>();
  for (const job of jobs) {
    const obstacle = obstacleTo(scheduler, job, device, now);
    if (obstacle !== null) {
      reasons.add(`“${job.spec.name}”: ${obstacle}`);
      continue;
    }
    if (unitsInTime(scheduler, job, device, now) === 0) {
      reasons.add(`“${job.spec.name}”: its last units are left to devices that will be done with them sooner`);
      continue;
    }
    if (job.fresh < job.total) return 'It has not asked for work: its slots may be paused.';
    if (job.ready.size > 0 && isRecalling(scheduler, job, now)) {
      reasons.add(`“${job.spec.name}”: units that may be out with devices of before the start wait for them a little`);
      continue;
    }
    for (const lane of [LANE.work, LANE.checks]) {
      for (const group of job.ready.groups(lane)) {
        const kin = refusal(scheduler, job, device, group.devices);
        if (kin === null) return 'It has not asked for work: its slots may be paused.';
        reasons.add(`“${job.spec.name}”: the device ${KIN_WORDS[kin].kin}`);
      }
    }
  }
  return reasons.size === 0 ? 'All units are with other devices.' : `${[...reasons].join('; ')}.`;
};
