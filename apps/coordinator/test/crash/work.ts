import type { JobSpecInput, JobView } from '@gossamer/protocol';
import { expect } from 'vitest';
import type { Rest } from '../harness/grid.ts';
import { eventually } from '../harness/grid.ts';
import { honest, lying, valueOf } from '../harness/load.ts';

type Kind = 'quorum' | 'adaptive' | 'trusted';

const POLICIES: Record<Kind, NonNullable<JobSpecInput['policy']>> = {
  quorum: { kind: 'quorum', quorum: 2 },
  adaptive: { kind: 'adaptive', maxErrorRate: 0.01 },
  trusted: { kind: 'trusted' },
};
/** Two jobs at a time: one of each lane, whose kinds take turns. */
const LANES: readonly (readonly Kind[])[] = [['quorum'], ['adaptive', 'trusted']];

interface Submitted {
  id: string;
  number: number;
  kind: Kind;
}

/** Jobs of some kinds, a new one for each that is complete. */
export class Work {
  readonly jobs: Submitted[] = [];
  readonly #units: number;
  readonly #lanes: Submitted[][] = LANES.map(() => []);

  constructor(units: number) {
    this.#units = units;
  }

  /** Sees to it that a job of each lane is under way. */
  async refill(rest: Rest): Promise<void> {
    for (const [lane, jobs] of this.#lanes.entries()) {
      const last = jobs.at(-1);
      if (last !== undefined && (await rest.job(last.id)).state === 'running') continue;
      const kinds = LANES[lane]!;
      const kind = kinds[jobs.length % kinds.length]!;
      const { id, number } = await rest.submit(this.#units, {
        name: `${kind} ${jobs.length}`,
        policy: POLICIES[kind],
        limits: { maxAttempts: 1000 },
      });
      jobs.push({ id, number, kind });
      this.jobs.push(jobs.at(-1)!);
    }
  }

  /** What devices return: right but for one, which lies in jobs where it is always outvoted. */
  outputs(devices: number) {
    const kindOf = (job: number) => this.jobs.find(({ number }) => number === job)?.kind;
    const truth = honest((job) => kindOf(job) !== 'trusted');
    return [lying(truth, (job) => kindOf(job) === 'quorum'), ...Array.from({ length: devices - 1 }, () => truth)];
  }

  /** Fails unless every job comes to its end, with the right result of every unit, once. */
  async expectDone(rest: Rest): Promise<void> {
    for (const { id, number } of this.jobs) {
      const state = async (): Promise<JobView> => rest.job(id);
      // As long as units become final it is not stuck, however slow the machine is.
      for (let seen = -1; ;) {
        const { units, state: now } = await state();
        const done = units.validated + units.failed;
        if (now === 'completed') break;
        expect(done, `job ${number} is stuck`).toBeGreaterThan(seen);
        seen = done;
        await eventually(async () => {
          const view = await state();
          expect(view.state === 'completed' || view.units.validated + view.units.failed > done).toBe(true);
        }).catch(() => undefined);
      }
      expect((await state()).units).toMatchObject({ validated: this.#units, failed: 0 });
      const results = await rest.allResults(id, 1000);
      const found = results.map(({ unit, output }) => [unit, output] as [number, number]);
      const right = Array.from({ length: this.#units }, (_, unit) => [unit, valueOf(number, unit)]);
      expect(found.sort(([a], [b]) => a - b)).toEqual(right);
    }
  }
}
