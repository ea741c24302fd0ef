import type { ProgramRefused } from '@gossamer/program';
import type { JobCard, ProgramRefusal } from '@gossamer/protocol';
import type { Refusal } from '../shared/snapshot.ts';

const KEPT = 5;
const DETAIL_LENGTH = 500;

/** Programs that were refused here: for the volunteer, and for the coordinator's operator. */
export class Refusals {
  #newest: (Refusal & { number: number })[] = [];

  get list(): Refusal[] {
    return this.#newest.map(({ job, reason, detail }) => ({ job, reason, detail }));
  }

  /** Gives what the coordinator is told. */
  note({ job, name }: JobCard, { reason, message }: ProgramRefused): ProgramRefusal {
    const detail = message.slice(0, DETAIL_LENGTH);
    const others = this.#newest.filter(({ number }) => number !== job);
    this.#newest = [{ number: job, job: name, reason, detail }, ...others].slice(0, KEPT);
    return { job, reason, detail };
  }
}
