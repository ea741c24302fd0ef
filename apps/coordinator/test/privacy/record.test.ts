import { DeviceRecord, EVENTS } from '@gossamer/protocol';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { report } from '../harness/device.ts';
import { eventually, startGrid } from '../harness/grid.ts';

const PRIVACY = readFileSync(new URL('../../../../docs/privacy.md', import.meta.url), 'utf8');

/** The rows of the first table under a heading, by cell. */
const tableUnder = (heading: string): string[][] => {
  const [, after = ''] = PRIVACY.split(`\n## ${heading}\n`);
  const lines = after
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
};

test('PV14: the record has what docs/privacy.md says that it has, and all that is kept of one device stands in it', () => {
  const rows = tableUnder('On the coordinator');
  expect(rows.length).toBeGreaterThan(8);
  const named = rows.flatMap((row) => row.at(-1)!.match(/`\w+`/g) ?? []).map((name) => name.slice(1, -1));
  const { next: _, ...kept } = DeviceRecord.shape;
  expect(named.sort()).toEqual(Object.keys(kept).sort());
  // What is not in it says why.
  for (const row of rows) expect(row.at(-1)).toMatch(/^(`\w+`(, )?)+( |$)|^not of one device|^nothing is kept/);
});

test('PV14: the record tells whether a device is set apart and opted in, what it lends, and the programs it refused', async () => {
  const grid = await startGrid();
  const { rest } = grid;
  const job = await rest.submit(3);
  const [device, other] = [await grid.device(), await grid.device()];
  const { device: id } = device.welcome!;
  const [lease] = await device.work();
  await device.exchange({ slots: 0, reports: [report(lease!)] });
  expect(await device.ask(EVENTS.record, {})).toMatchObject({
    apart: false,
    optedIn: false,
    slots: 4,
    speed: { reach: 1 },
    left: null,
    lastGrant: null,
    refusals: [],
    resting: [],
  });
  const refusal = { job: job.number, reason: 'program', detail: 'another hash' };
  // Only of what it holds is a refusal heard.
  expect(await device.work()).toHaveLength(1);
  device.socket!.emit(EVENTS.refused, refusal);
  await eventually(async () => {
    const own = await device.ask(EVENTS.record, {});
    expect(own).toMatchObject({
      refusals: [{ job: job.id, jobName: 'A job', reason: 'program', detail: 'another hash' }],
      resting: [{ job: job.id, detail: 'another hash', times: 1 }],
    });
    expect(await rest.json('GET', `/v1/devices/${id}/record`)).toEqual(own);
  });
  expect(await other.ask(EVENTS.record, {})).toMatchObject({ refusals: [], resting: [] });
  await rest.json('PATCH', `/v1/devices/${id}`, { apart: true });
  device.close();
  await device.connect(grid.port);
  const { nonce } = (await device.hello({ playground: true, slots: 2 })) as { nonce: string };
  await device.ask(EVENTS.proof, { signature: device.sign(nonce) });
  expect(await device.ask(EVENTS.record, {})).toMatchObject({ apart: true, optedIn: true, slots: 2 });
});

test('PV12: when a device was forgotten, operators are told nothing more of the programs that it refused', async () => {
  const grid = await startGrid();
  const job = await grid.rest.submit(3);
  const device = await grid.device();
  await device.work();
  device.socket!.emit(EVENTS.refused, { job: job.number, reason: 'program', detail: 'another hash' });
  const told = () => grid.rest.json<{ items: unknown[] }>('GET', '/v1/refusals');
  await eventually(async () => expect((await told()).items).toHaveLength(1));
  await device.ask(EVENTS.forget, {});
  expect((await told()).items).toEqual([]);
});
