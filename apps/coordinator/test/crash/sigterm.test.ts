import { expect, test } from 'vitest';
import { audit, imageOf, openImage } from '../harness/audit.ts';
import { chanceOfTest, pause } from '../harness/chance.ts';
import { freePort, withKey } from '../harness/child.ts';
import { Rest, temporaryDirectory } from '../harness/grid.ts';
import { Load } from '../harness/load.ts';
import { Work } from './work.ts';

/** Only ends what hangs. */
const TIMEOUT_MS = 400_000;
const ROUNDS = 4;
const DEVICES = 8;

test(
  'CR17: SIGTERM in the middle of commits ends it with 0, every acknowledged result is there, and the next start goes on',
  async () => {
    const chance = chanceOfTest();
    const data = temporaryDirectory();
    const port = await freePort();
    const start = () => withKey(data, { GOSSAMER_PORT: String(port), GOSSAMER_SESSION_GRACE_MS: '500' });
    const rest = new Rest(port);
    const work = new Work(5000);
    let child = start();
    await child.ready;
    await work.refill(rest);
    const load = new Load(port, work.outputs(DEVICES));
    for (let round = 0; round < ROUNDS; round++) {
      await load.progress(400);
      await pause(chance() * 100);
      expect(await child.kill('SIGTERM')).toBe(0);
      expect(child.stderr).toBe('');
      const { log } = await openImage(imageOf(data));
      for (const { number } of work.jobs) expect((await audit(log, number, load.deliveries)).faults).toEqual([]);
      child = start();
      await child.ready;
    }
    await work.expectDone(rest);
    expect(load.faults).toEqual([]);
    expect(await child.kill('SIGTERM')).toBe(0);
    const { log } = await openImage(imageOf(data));
    for (const { number } of work.jobs) expect((await audit(log, number, load.deliveries)).faults).toEqual([]);
  },
  TIMEOUT_MS,
);
