import type { AnswerView } from '@gossamer/protocol';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { chanceOfTest, pause } from '../harness/chance.ts';
import { freePort, withKey } from '../harness/child.ts';
import { PROGRAM, Rest, temporaryDirectory } from '../harness/grid.ts';
import { Load, valueOf } from '../harness/load.ts';

const KILLS = Number(process.env['GOSSAMER_KILLS'] ?? 4);
const UNITS = 8000;
const MINUTE = 60_000;

/** Which units are in it shows in the sums of their squares and cubes, too: none is missed or counted twice. */
const REDUCE = `${PROGRAM}
export const reduce = (acc = [0, 0, 0, 0], x) => {
  const unit = x % 1000000;
  return [acc[0] + 1, acc[1] + unit, acc[2] + unit ** 2, acc[3] + unit ** 3];
};`;

test(
  'FO4: killed at random moments while it folds, every final result is in the answer once; what was kept of it may be lost',
  async () => {
    const chance = chanceOfTest();
    const data = temporaryDirectory();
    const port = await freePort();
    const start = () =>
      withKey(data, {
        GOSSAMER_PORT: String(port),
        GOSSAMER_SESSION_GRACE_MS: '500',
        // So that the job outlasts the kills.
        GOSSAMER_LEASE_UNITS: '1',
      });
    const rest = new Rest(port);
    let child = start();
    await child.ready;
    const job = await rest.submit(UNITS, { program: await rest.upload(REDUCE) });
    const answer = (): Promise<AnswerView> => rest.json('GET', `/v1/jobs/${job.id}/answer`);
    const load = new Load(port, [({ job: number }, unit) => `${valueOf(number, unit)}`]);
    for (let kill = 1; kill <= KILLS; kill++) {
      const { folded } = await answer();
      await vi.waitFor(async () => expect((await answer()).folded).toBeGreaterThan(folded), {
        timeout: MINUTE,
        interval: 20,
      });
      await pause(chance() * 100);
      await child.kill();
      if (chance() < 0.4) for (const end of ['', '-wal', '-shm']) rmSync(join(data, `reads.db${end}`), { force: true });
      child = start();
      await child.ready;
      load.goOn();
    }
    await vi.waitFor(async () => expect((await answer()).isFinal).toBe(true), { timeout: 3 * MINUTE, interval: 50 });
    const all = Array.from({ length: UNITS }, (_, unit) => unit);
    const sum = (power: number): number => all.reduce((total, unit) => total + unit ** power, 0);
    expect((await answer()).answer).toEqual([UNITS, sum(1), sum(2), sum(3)]);
  },
  (5 + KILLS / 2) * MINUTE,
);
