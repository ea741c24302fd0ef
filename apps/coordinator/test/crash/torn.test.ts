import { appendFileSync, cpSync, statSync, truncateSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { askAll, audit, compareTold, imageOf, openImage } from '../harness/audit.ts';
import { chanceOfTest, pause } from '../harness/chance.ts';
import { withKey } from '../harness/child.ts';
import { Rest, temporaryDirectory } from '../harness/grid.ts';
import { Load } from '../harness/load.ts';
import { Work } from './work.ts';

/** Only ends what hangs. */
const TIMEOUT_MS = 400_000;
const IMAGES = 4;
const DEVICES = 6;
const WAL = 'log.db-wal';

/**
 * The log as a crash of the machine would leave it: what was acknowledged is on disk, and of what was being written a
 * part, with whatever the disk held before behind it.
 */
test(
  'CR12: a last write that is torn anywhere costs nothing that was acknowledged, and the start goes on',
  async () => {
    const chance = chanceOfTest();
    const data = temporaryDirectory();
    const { port } = await withKey(data).ready;
    const rest = new Rest(port);
    const work = new Work(10_000);
    await work.refill(rest);
    const load = new Load(port, work.outputs(DEVICES));
    const wal = () => statSync(join(data, WAL)).size;
    for (let image = 0; image < IMAGES; image++) {
      await load.progress(300, () => work.refill(rest));
      await pause(chance() * 50);
      // In one turn: what was acknowledged until now is in these bytes.
      const [acknowledged, least] = [load.acknowledged, wal()];
      await load.progress(50);
      const copy = imageOf(data);
      cpSync(join(data, 'blobs'), join(copy, 'blobs'), { recursive: true });
      const { size } = statSync(join(copy, WAL));
      const cut = least + Math.floor(chance() * (size - least));
      truncateSync(join(copy, WAL), cut);
      if (image % 2 === 1) appendFileSync(join(copy, WAL), randomBytes(size - cut + 10_000));

      const torn = withKey(copy);
      const { port: at } = await torn.ready;
      const told = await askAll(new Rest(at));
      await torn.kill();
      const { log } = await openImage(imageOf(copy));
      for (const { number } of work.jobs) {
        expect((await audit(log, number, load.deliveries, acknowledged)).faults, `cut at ${cut}`).toEqual([]);
      }
      const { said, folded } = await compareTold(log, told);
      expect(said).toEqual(folded);
    }
    expect(load.faults).toEqual([]);
  },
  TIMEOUT_MS,
);
