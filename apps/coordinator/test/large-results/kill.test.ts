import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort, withKey } from '../harness/child.ts';
import { TestDevice } from '../harness/device.ts';
import { afterwards, eventually, Rest, temporaryDirectory } from '../harness/grid.ts';
import { bytesOf, large, MIB, nameOf, offer, put, reportOf, send } from './sender.ts';

const MINUTES = 5 * 60_000;

test(
  'LB21: killed with -9 while a large result comes it has nothing of it; killed after the receipt, and after the report, nothing is lost',
  async () => {
    const data = temporaryDirectory();
    const port = await freePort();
    const start = () => withKey(data, { GOSSAMER_PORT: String(port), GOSSAMER_SESSION_GRACE_MS: '60000' });
    const rest = new Rest(port);
    let child = start();
    await child.ready;
    const { id } = await rest.submit(1, { limits: { resultBytes: 8 * MIB } });
    const device = new TestDevice();
    afterwards(() => device.close());
    const comeBack = async () => {
      await child.kill();
      device.close();
      child = start();
      await child.ready;
      await device.signIn(port);
      // As a tab does: it says what it holds, with the ticket.
      const held = [{ lease: { epoch: lease!.epoch, number: lease!.number }, runMs: 1, ticket: lease!.ticket }];
      await device.exchange({ slots: 0, fresh: true, held });
    };
    await device.signIn(port);
    const [lease] = await device.work();
    const bytes = bytesOf(6 * MIB, 30);
    const isThere = async () => (await rest.call('HEAD', `/v1/blobs/${nameOf(bytes)}`)).status === 200;

    // In the middle: half of it has come, and the rest never does.
    const permit = await offer(device, lease!, bytes);
    let isHalf: () => void = () => {};
    const half = new Promise<void>((resolve) => (isHalf = resolve));
    async function* body() {
      for (let at = 0; at < 3; at++) yield bytes.subarray(at * MIB, (at + 1) * MIB);
      isHalf();
      await new Promise(() => undefined);
    }
    const cut = put(rest.url, permit, nameOf(bytes), body() as never).catch((error: unknown) => error);
    await half;
    const onTheWay = () => readdirSync(join(data, 'blobs', 'tmp'));
    await eventually(() => expect(onTheWay()).toHaveLength(1));
    await comeBack();
    expect(onTheWay()).toEqual([]);
    expect(await cut).toBeInstanceOf(Error);
    expect(await isThere()).toBe(false);

    // After the receipt, before the report.
    const receipt = await send(rest.url, device, lease!, bytes);
    await comeBack();
    expect(await isThere()).toBe(true);
    const answer = await device.exchange({ slots: 0, reports: [reportOf(lease!, [large(receipt)], true)] });
    expect(answer.statuses).toEqual([1]);

    // After the report.
    await child.kill();
    child = start();
    await child.ready;
    await eventually(async () => expect((await rest.job(id)).state).toBe('completed'));
    const got = await rest.call('GET', `/v1/jobs/${id}/units/0/result`);
    expect(Buffer.compare(Buffer.from(await got.arrayBuffer()), bytes)).toBe(0);
  },
  MINUTES,
);
