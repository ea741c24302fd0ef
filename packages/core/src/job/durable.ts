import { FrameWriter } from '@gossamer/protocol';
import type { Job } from './job.ts';

const setsAsLists = (_key: string, value: unknown): unknown => (value instanceof Set ? [...value] : value);

/**
 * The durable part of a job as bytes, the same for the same history: what replay is compared by. Identities are in
 * it, as they decide how later results are judged.
 */
export const durableBytes = (job: Job): Uint8Array<ArrayBuffer> => {
  const out = new FrameWriter(4096);
  const { units, attempts } = job;
  out.u32(job.number).text(JSON.stringify([job.order, job.independence, job.counts, job.ends, job.completedAt]));
  out.text(JSON.stringify([job.total, job.intake, job.resultBytes]));
  out.u32(units.length);
  for (let unit = 0; unit < units.length; unit++) {
    out.u8(units.state[unit]!).u8(units.errors[unit]!).u16(units.lost[unit]!);
    out.u32(units.head[unit]! + 1).u32(units.canonical[unit]! + 1);
  }
  out.u32(attempts.length);
  for (let at = 0; at < attempts.length; at++) {
    out.u32(attempts.unit[at]!).u32(attempts.device[at]!).u32(attempts.epoch[at]!).u32(attempts.lease[at]!);
    out
      .u16(attempts.offset[at]!)
      .u8(attempts.state[at]!)
      .u32(attempts.next[at]! + 1);
  }
  out.text(
    JSON.stringify(
      [...job.accounts].sort(([a], [b]) => a - b),
      setsAsLists,
    ),
  );
  out.text(JSON.stringify([...job.failures].sort(([a], [b]) => a - b)));
  out.text(JSON.stringify([...job.before].sort(([a], [b]) => a - b)));
  out.text(JSON.stringify(job.sameness.entries()));
  out.text(JSON.stringify(job.blobs.entries()));
  for (const [at, identity] of job.identities.entries()) out.u32(at).raw(identity);
  return out.finish();
};
