import { expect, test } from 'vitest';
import { askAll, audit, compareTold, imageOf, openImage } from '../harness/audit.ts';
import { chanceOfTest, pause } from '../harness/chance.ts';
import { freePort, withKey } from '../harness/child.ts';
import { Rest, temporaryDirectory } from '../harness/grid.ts';
import { Load } from '../harness/load.ts';
import { Work } from './work.ts';

const KILLS = Number(process.env['GOSSAMER_KILLS'] ?? 5);
const DEVICES = 8;
const UNITS = 4000;
/** Share of the kills that strike while it starts. */
const EARLY = 0.15;
/** What it says is held against its log so often, over the whole. */
const COMPARED = 3;
const MINUTE = 60_000;

test(
  'CR1: killed at random moments under full load, it has every acknowledged result once, credits what is valid, and comes to an end',
  async () => {
    const chance = chanceOfTest();
    const data = temporaryDirectory();
    const port = await freePort();
    const start = () =>
      withKey(data, { GOSSAMER_PORT: String(port), GOSSAMER_SESSION_GRACE_MS: '500', GOSSAMER_HEARTBEAT_MS: '2000' });
    const rest = new Rest(port);
    const work = new Work(UNITS);
    let child = start();
    await child.ready;
    await work.refill(rest);
    const load = new Load(port, work.outputs(DEVICES));
    let checked = 0;

    for (let kill = 1; kill <= KILLS; kill++) {
      let told: Awaited<ReturnType<typeof askAll>> | null = null;
      if (chance() < EARLY && kill > 1) await pause(chance() * 700);
      else {
        await child.ready;
        await load.progress(500, () => work.refill(rest));
        await pause(chance() * 300);
        if (kill % Math.ceil(KILLS / COMPARED) === 0) {
          await load.rest();
          told = await askAll(rest);
        }
      }
      await child.kill();
      const { log } = await openImage(imageOf(data));
      // Those before were complete when they were looked at last.
      for (const { number } of work.jobs.slice(checked)) {
        expect((await audit(log, number, load.deliveries)).faults, `after kill ${kill}`).toEqual([]);
      }
      if (told !== null) {
        const { said, folded } = await compareTold(log, told);
        expect(said, `after kill ${kill}`).toEqual(folded);
      }
      checked = Math.max(0, work.jobs.length - 4);
      child = start();
      load.goOn();
    }

    await child.ready;
    await work.expectDone(rest);
    expect(load.faults).toEqual([]);
    await load.rest();
    const told = await askAll(rest);
    expect(await child.kill('SIGTERM')).toBe(0);
    const { log } = await openImage(imageOf(data));
    for (const { number } of work.jobs) expect((await audit(log, number, load.deliveries)).faults).toEqual([]);
    const { said, folded } = await compareTold(log, told);
    expect(said).toEqual(folded);
    const credit = said.devices.reduce((sum, device) => sum + device.credit, 0);
    expect(credit).toBe(said.jobs.reduce((sum, { attempts }) => sum + attempts.valid, 0));
    expect(credit).toBeGreaterThanOrEqual(work.jobs.length * UNITS);
  },
  (5 + KILLS / 2) * MINUTE,
);
