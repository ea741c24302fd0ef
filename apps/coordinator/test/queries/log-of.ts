import type { JobFact } from '@gossamer/core';
import { encodeFacts } from '@gossamer/core';
import { utf8 } from '@gossamer/protocol';
import { MemoryLogStore } from '@gossamer/store';

export const JOB = 1;

export const returned = (device: number, ...units: [number, string][]): JobFact => {
  const items = units.map(([unit, text], offset) => ({
    unit,
    offset,
    runMs: 1,
    encoding: 0 as const,
    body: utf8(text),
  }));
  return { kind: 'returned', at: 1, device, epoch: 1, lease: 1, items };
};
export const acceptedNth = (ordinal: number, device: number, ...units: number[]): JobFact => ({
  kind: 'accepted',
  at: 1,
  device,
  items: units.map((unit) => ({ unit, ordinal })),
});
export const accepted = (device: number, ...units: number[]): JobFact => acceptedNth(0, device, ...units);
export const audited = (device: number, ...units: number[]): JobFact =>
  ({ ...accepted(device, ...units), kind: 'audited' }) as JobFact;
export const judged = (unit: number, canonical: number | null): JobFact => ({
  kind: 'judged',
  at: 1,
  items: [{ unit, canonical, verdicts: [] }],
});
export const caught = (device: number): JobFact => ({ kind: 'caught', at: 1, device, here: true, foreign: false });

/** Of four units: results that stand for now, that no longer stand, and that are final. */
export const CHANGING: readonly (readonly JobFact[])[] = [
  [returned(1, [0, '"a0"'], [1, '"a1"'], [2, '"a2"'], [3, '"a3"'])],
  [accepted(1, 0, 1), accepted(1, 2)],
  // One that was never provisional is checked as well: of it there is nothing to take back.
  [audited(1, 1, 3)],
  [returned(2, [1, '"b1"']), judged(1, 1), judged(3, 0)],
  [caught(1), judged(0, 0)],
  [returned(3, [2, '"c2"']), acceptedNth(1, 3, 2)],
  [judged(2, 1)],
];

/** A job's log that segments are added to. */
export class JobLog {
  readonly log = new MemoryLogStore();
  /** Its last fact. */
  last = 0;

  static async of(segments: readonly (readonly JobFact[])[]): Promise<JobLog> {
    const written = new JobLog();
    await written.log.claim(JOB, 0);
    for (const facts of segments) await written.add(facts);
    return written;
  }

  async add(facts: readonly JobFact[]): Promise<void> {
    const body = encodeFacts({ cause: 'test', facts: [...facts] });
    await this.log.append([{ shard: JOB, epoch: 1, seq: this.last + 1, n: facts.length, body }]);
    this.last += facts.length;
  }
}
