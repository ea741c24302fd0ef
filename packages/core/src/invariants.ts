import { ATTEMPT } from './job/attempts.ts';
import type { Job } from './job/job.ts';
import { isOpen } from './job/job.ts';
import { needOf } from './job/need.ts';
import { UNIT } from './job/units.ts';
import { openUnits } from './leases/lease.ts';
import type { Scheduler } from './scheduler/state.ts';
import { unitCounts } from './view/counts.ts';

/** The canonical result of a validated unit was valid once; that of a provisional one is still unjudged. */
const isSound = (unit: number, attempt: number): boolean =>
  unit === UNIT.provisional ? attempt === ATTEMPT.returned : attempt === ATTEMPT.valid || attempt === ATTEMPT.revoked;

/** Every provisional unit stands in the ledger of the device on whose word it stands, and nothing else does. */
const ledgerFaults = (job: Job, device: number): string[] => {
  const { ledger } = job.accounts.get(device)!;
  const faults: string[] = [];
  for (const { results } of ledger.stretches) {
    for (const attempt of results) {
      const unit = job.attempts.unit[attempt]!;
      if (job.units.canonical[unit] === attempt && job.units.state[unit] === UNIT.provisional) continue;
      faults.push(`unit ${unit} stands in the ledger of device ${device} and is not provisional`);
    }
  }
  return faults;
};

const jobFaults = (job: Job): string[] => {
  const faults: string[] = [];
  const { units, attempts } = job;
  const credit = new Map<number, number>();
  let validated = 0;
  let failed = 0;
  let provisional = 0;
  for (let unit = 0; unit < units.length; unit++) {
    const state = units.state[unit]!;
    if (state === UNIT.validated) validated += 1;
    if (state === UNIT.failed) failed += 1;
    const canonical = units.canonical[unit]!;
    if (state === UNIT.provisional) provisional += 1;
    if ((state === UNIT.validated || state === UNIT.provisional) !== (canonical !== -1))
      faults.push(`unit ${unit}: canonical result without validity`);
    if (canonical !== -1 && !isSound(state, attempts.state[canonical]!))
      faults.push(`unit ${unit}: canonical not valid`);
    for (const at of attempts.list(units.head[unit]!)) {
      if (attempts.unit[at] !== unit) faults.push(`attempt ${at} is in the list of unit ${unit}`);
      if (attempts.state[at] !== ATTEMPT.valid) continue;
      credit.set(attempts.device[at]!, (credit.get(attempts.device[at]!) ?? 0) + job.spec.credit);
    }
    const stuck =
      state === UNIT.open && unit < job.fresh && isOpen(job) && needOf(job, unit) > 0 && !job.ready.has(unit);
    if (stuck) faults.push(`unit ${unit} wants attempts and is in no queue`);
  }
  if (provisional !== job.counts.provisional) faults.push(`${provisional} units are provisional`);
  if (validated !== job.counts.validated || failed !== job.counts.failed) faults.push('counts of units are off');
  let vouched = 0;
  for (const [device, account] of job.accounts) {
    vouched += account.ledger.results;
    const due = credit.get(device) ?? 0;
    if (Math.abs(account.credit - due) > 1e-6 * Math.max(1, due)) {
      faults.push(`device ${device}: credit ${account.credit}, valid attempts earn ${due}`);
    }
    faults.push(...ledgerFaults(job, device));
    if (account.waiting < 0) faults.push(`device ${device}: ${account.waiting} results wait`);
  }
  if (vouched !== provisional) faults.push(`${vouched} results stand in ledgers, ${provisional} are provisional`);
  if (unitCounts(job).pending < 0) faults.push('a negative number of units is pending');
  return faults.map((fault) => `job ${job.number}: ${fault}`);
};

/** The book of trust holds what the jobs' accounts say. */
const bookFaults = (scheduler: Scheduler): string[] => {
  const sums = new Map<number, number>();
  for (const job of scheduler.jobs.values()) {
    for (const [device, { survived }] of job.accounts) sums.set(device, (sums.get(device) ?? 0) + survived);
  }
  return [...sums]
    .filter(([device, survived]) => scheduler.book.survivedBy(device) !== survived + scheduler.past.survivedBy(device))
    .map(([device, survived]) => `device ${device} survived ${survived} checks, and the book says otherwise`);
};

/**
 * What must hold after every step, as sentences of what does not: empty when all is well. No unit has two canonical
 * results; credit equals the valid attempts; a unit that wants attempts is in a queue; leases and holders agree.
 */
export const findFaults = (scheduler: Scheduler): string[] => {
  const faults: string[] = [];
  const held = new Map<number, number>();
  for (const lease of scheduler.leases.values()) {
    let open = 0;
    for (const { unit } of openUnits(lease)) {
      open += 1;
      const holders = scheduler.jobs.get(lease.job)?.holders.of(unit);
      if (holders?.includes(lease.device) !== true)
        faults.push(`lease ${lease.number}: unit ${unit} has no such holder`);
    }
    if (open === 0 || open !== lease.open)
      faults.push(`lease ${lease.number}: ${open} members are open, not ${lease.open}`);
    held.set(lease.job, (held.get(lease.job) ?? 0) + open);
    const { device } = lease;
    if (!scheduler.sessionOf.has(device) && !scheduler.gone.has(device))
      faults.push(`lease ${lease.number} has no owner`);
  }
  for (const job of scheduler.jobs.values()) {
    if (job.leased !== (held.get(job.number) ?? 0)) faults.push(`job ${job.number}: ${job.leased} attempts are leased`);
    faults.push(...jobFaults(job));
  }
  faults.push(...bookFaults(scheduler));
  return faults;
};
