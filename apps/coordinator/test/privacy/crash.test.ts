import type { DeviceRecord } from '@gossamer/protocol';
import { EVENTS } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import { chanceOfTest, pause } from '../harness/chance.ts';
import { withKey } from '../harness/child.ts';
import { TestDevice } from '../harness/device.ts';
import { bytesUnder } from '../harness/files.ts';
import { afterwards, Rest, temporaryDirectory } from '../harness/grid.ts';

const KILLS = Number(process.env['GOSSAMER_KILLS'] ?? 5);

test('PV11: after kill -9 at any moment of a deletion the device is there, or wholly gone after the start, and the log is whole', async () => {
  const chance = chanceOfTest();
  const data = temporaryDirectory();
  let [there, gone] = [0, 0];
  for (let kill = 0; kill < KILLS; kill++) {
    const child = withKey(data);
    const { port } = await child.ready;
    const device = new TestDevice();
    afterwards(() => device.close());
    const { device: id } = await device.signIn(port);
    const { publicKey } = (await device.ask(EVENTS.record, {})) as DeviceRecord;
    let isAnswered = false;
    const asked = device.ask(EVENTS.forget, {}).then(
      () => (isAnswered = true),
      () => undefined,
    );
    await pause(chance() * 25);
    await child.kill();
    device.close();
    void asked;
    const next = withKey(data);
    const rest = new Rest((await next.ready).port);
    const { items } = await rest.json<{ items: { id: string }[] }>('GET', '/v1/devices?limit=1000');
    const isThere = items.some((one) => one.id === id);
    if (isAnswered) expect(isThere).toBe(false);
    expect(bytesUnder(data).includes(publicKey)).toBe(isThere);
    if (isThere) there += 1;
    else gone += 1;
    await next.kill();
  }
  expect(there + gone).toBe(KILLS);
}, 400_000);
