import type { WebhookCreated } from '@gossamer/protocol';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { chanceOfTest, pause } from '../harness/chance.ts';
import { freePort, withKey } from '../harness/child.ts';
import { eventually, Rest, startGrid, temporaryDirectory } from '../harness/grid.ts';
import { lend } from '../harness/lend.ts';
import { Load } from '../harness/load.ts';
import { ANY, register, verify } from './hook.ts';
import { openReceiver } from './receiver.ts';

const KILLS = Number(process.env['GOSSAMER_KILLS'] ?? 5);
const UNITS = 6000;
const MINUTE = 60_000;

test(
  'HK7: killed at random moments while it delivers, it tells every result and the end, and what comes twice has the same id',
  async () => {
    const chance = chanceOfTest();
    const data = temporaryDirectory();
    const port = await freePort();
    const start = () =>
      withKey(data, {
        ...ANY,
        GOSSAMER_PORT: String(port),
        GOSSAMER_SESSION_GRACE_MS: '500',
        GOSSAMER_HEARTBEAT_MS: '2000',
      });
    const rest = new Rest(port);
    const receiver = await openReceiver();
    // So that there is most often something under way, answered or not.
    receiver.answer = (response) => setTimeout(() => response.end(), chance() * 30);
    let child = start();
    await child.ready;
    const { secret } = await rest.json<WebhookCreated>('POST', '/v1/webhooks', { name: 'A hook', url: receiver.url });
    const jobs = [await rest.submit(UNITS), await rest.submit(UNITS)];
    const load = new Load(
      port,
      Array.from(
        { length: 3 },
        () =>
          ({ job }, unit: number) =>
            `${job * 1_000_000 + unit}`,
      ),
    );
    for (let kill = 1; kill <= KILLS; kill++) {
      const before = receiver.received.length;
      await eventually(() => expect(receiver.received.length).toBeGreaterThan(before + 2));
      await pause(chance() * 100);
      await child.kill();
      if (chance() < 0.5) for (const end of ['', '-wal', '-shm']) rmSync(join(data, `reads.db${end}`), { force: true });
      child = start();
      await child.ready;
      load.goOn();
    }
    const over = () => receiver.of('job.completed').map((event) => event.data.job);
    await vi.waitFor(() => expect(new Set(over()).size).toBe(2), { timeout: 4 * MINUTE, interval: 50 });
    for (const { id, number } of jobs) {
      const seen = new Map<string, { body: string; units: number[] }>();
      for (const received of receiver.received) {
        verify(secret, received);
        const { event, body } = received;
        if (event.type !== 'results.added' || event.data.job !== id) continue;
        const before = seen.get(received.id);
        if (before !== undefined) expect(body).toBe(before.body);
        for (const { unit, output } of event.data.results) expect(output).toBe(number * 1_000_000 + unit);
        seen.set(received.id, { body, units: event.data.results.map(({ unit }) => unit) });
      }
      const told = [...seen.values()].flatMap(({ units }) => units);
      expect(told).toEqual((await rest.allResults(id, 1000)).map(({ unit }) => unit));
      expect(told).toHaveLength(UNITS);
    }
  },
  (5 + KILLS / 2) * MINUTE,
);

test('HK29: a coordinator that leaves while a receiver has not answered leaves soon, and tells it again under the same id', async () => {
  const grid = await startGrid({ env: ANY });
  const receiver = await openReceiver();
  receiver.answer = () => undefined;
  const hook = await register(grid.rest, receiver.url);
  const job = await grid.rest.submit(5);
  await lend(await grid.device(), async () => (await grid.rest.job(job.id)).state === 'completed');
  await eventually(() => expect(receiver.received).toHaveLength(1));
  const again = await grid.restart(() => (receiver.answer = (response) => response.end()));
  await eventually(() => expect(receiver.of('job.completed')).toHaveLength(1));
  expect(receiver.received[1]!.id).toBe(receiver.received[0]!.id);
  const { items } = await again.rest.json<{ items: { id: string; tries: object[] }[] }>(
    'GET',
    `${hook.path}/deliveries`,
  );
  expect(items.find(({ id }) => id === receiver.received[0]!.id)!.tries).toHaveLength(1);
});
