import type { DeviceView, JobView } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import { chanceOfTest, pause } from '../harness/chance.ts';
import { withKey } from '../harness/child.ts';
import { TestDevice } from '../harness/device.ts';
import { afterwards, Rest, temporaryDirectory } from '../harness/grid.ts';
import { lend } from '../harness/lend.ts';

const KILLS = Number(process.env['GOSSAMER_KILLS'] ?? 5);
const UNITS = 200;

const credit = async (rest: Rest): Promise<number> => {
  const { items } = await rest.json<{ items: DeviceView[] }>('GET', '/v1/devices?limit=1000');
  return items.reduce((sum, device) => sum + device.credit, 0);
};

test('RN6: after kill -9 at any moment of a deletion the job is there, or gone for good, and no credit is lost or counted twice', async () => {
  const chance = chanceOfTest();
  const data = temporaryDirectory();
  const seen = { there: 0, gone: 0 };
  for (let kill = 1; kill <= KILLS; kill++) {
    const child = withKey(data);
    const { port } = await child.ready;
    const rest = new Rest(port);
    const { id } = await rest.submit(UNITS);
    const device = new TestDevice();
    afterwards(() => device.close());
    await device.signIn(port);
    await lend(device, async () => (await rest.job(id)).state === 'completed');
    device.close();
    expect(await credit(rest)).toBe(kill * UNITS);
    let isAnswered = false;
    const asked = rest.call('DELETE', `/v1/jobs/${id}`).then(
      ({ status }) => (isAnswered = status === 200),
      () => undefined,
    );
    await pause(chance() * 25);
    await child.kill();
    await asked;
    const next = withKey(data);
    const again = new Rest((await next.ready).port);
    const { status } = await again.call('GET', `/v1/jobs/${id}`);
    if (isAnswered) expect(status).toBe(410);
    if (status === 200) expect((await again.json<JobView>('GET', `/v1/jobs/${id}`)).units.validated).toBe(UNITS);
    else expect(status).toBe(410);
    expect(await credit(again)).toBe(kill * UNITS);
    seen[status === 200 ? 'there' : 'gone'] += 1;
    await next.kill();
  }
  expect(seen.there + seen.gone).toBe(KILLS);
}, 400_000);
