import type { AttemptPlace } from '@gossamer/core';
import { attemptsOf, gridAccount, leasedBy, memoryOf, trustOf } from '@gossamer/core';
import type { DeviceRecord as DeviceRecordPage, RecordedRefusal } from '@gossamer/protocol';
import { JobId, ProblemError } from '@gossamer/protocol';
import type { DeviceRecord } from './grid-state.ts';
import type { Runtime } from './runtime.ts';

/** Attempts on one page. */
const PAGE = 1000;

const placeOf = (after: string | undefined): AttemptPlace => {
  if (after === undefined) return { job: 0, at: 0 };
  const parts = /^(\d{1,15})\.(\d{1,15})$/.exec(after);
  if (parts === null) throw new ProblemError('cursor-invalid', after);
  return { job: Number(parts[1]), at: Number(parts[2]) };
};

/**
 * A page of all that is kept of a device, as docs/privacy.md lists it; its cost is bounded. `refusals`: those of its tabs
 * that are kept for operators. Throws ProblemError `cursor-invalid`.
 */
export const recordPage = (
  { scheduler }: Runtime,
  { device, id, publicKey, platform, firstSeen }: DeviceRecord,
  refusals: RecordedRefusal[],
  after: string | undefined,
): DeviceRecordPage => {
  const { number, capabilities, class: kind, prefix, apart, optedIn } = device;
  const { items, next } = attemptsOf(scheduler, number, placeOf(after), PAGE);
  const idOf = (job: number): JobId => JobId.parse(scheduler.jobs.get(job)!.spec.id);
  const { resting, ...memory } = memoryOf(scheduler, number);
  return {
    id,
    number,
    publicKey,
    platform,
    class: kind,
    network: prefix,
    firstSeen,
    apart,
    optedIn,
    capabilities,
    ...memory,
    refusals,
    resting: resting.map(({ job, ...rest }) => ({ job: idOf(job), ...rest })),
    leased: leasedBy(scheduler, number),
    ...gridAccount(scheduler, number),
    trust: trustOf(scheduler, number),
    attempts: items.map(({ job, unit, epoch, lease, offset, state }) => ({
      job: idOf(job),
      unit,
      attempt: `${epoch}.${lease}.${offset}`,
      outcome: state,
    })),
    next: next === null ? null : `${next.job}.${next.at}`,
  };
};
