import { expect, vi } from 'vitest';
import { Deliveries } from './deliveries.ts';
import type { Held } from './device.ts';
import { afterwards, eventually } from './grid.ts';
import type { OutputOf } from './volunteer.ts';
import { Volunteer } from './volunteer.ts';

/** Only ends what hangs: a start and some exchanges, on a machine that has much else to do. */
const PROGRESS_MS = 120_000;

/** The right result of a unit: no two units of any job have the same. */
export const valueOf = (job: number, unit: number): number => job * 1_000_000 + unit;

/** The same number for each attempt; where results are not compared, each attempt has bytes of its own. */
export const honest =
  (isCompared: (job: number) => boolean): OutputOf =>
  ({ job, epoch, number }, unit) =>
    `${valueOf(job, unit)}${isCompared(job) ? '' : ' '.repeat((epoch + number) % 7)}`;

/** Wrong about some units of the jobs that are named. */
export const lying =
  (truth: OutputOf, liesIn: (job: number) => boolean): OutputOf =>
  (lease: Held, unit: number) =>
    liesIn(lease.job) && unit % 50 === 7 ? '-1' : truth(lease, unit);

/** Devices that lend all they have, until the end of the test. */
export class Load {
  readonly deliveries = new Deliveries();
  readonly volunteers: Volunteer[];

  constructor(port: number, outputs: readonly OutputOf[]) {
    this.volunteers = outputs.map((outputOf) => new Volunteer(this.deliveries, outputOf));
    const lending = this.volunteers.map((volunteer) => volunteer.lend(port));
    afterwards(async () => {
      for (const volunteer of this.volunteers) volunteer.stop();
      await Promise.all(lending);
    });
  }

  get acknowledged(): number {
    return this.deliveries.acknowledged;
  }

  get faults(): unknown[] {
    return this.volunteers.flatMap(({ faults }) => faults);
  }

  get deferrals(): number {
    return this.volunteers.reduce((sum, { deferrals }) => sum + deferrals, 0);
  }

  /** Resolves when so many more attempts were acknowledged; `meanwhile` sees to it that there is work. */
  async progress(attempts: number, meanwhile: () => Promise<void> = async () => {}): Promise<void> {
    const before = this.acknowledged;
    const check = async (): Promise<void> => {
      await meanwhile();
      expect(this.acknowledged).toBeGreaterThanOrEqual(before + attempts);
    };
    await vi.waitFor(check, { timeout: PROGRESS_MS, interval: 20 });
  }

  /** Resolves when nothing is under way any more. */
  async rest(): Promise<void> {
    for (const volunteer of this.volunteers) volunteer.rest(true);
    await eventually(() => expect(this.volunteers.every(({ isQuiet }) => isQuiet)).toBe(true));
  }

  goOn(): void {
    for (const volunteer of this.volunteers) volunteer.rest(false);
  }
}
