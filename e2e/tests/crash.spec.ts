import type { ExchangeResponse, ResultView } from '@gossamer/protocol';
import { decodeTicket, OUTCOME, REPORT_STATUS } from '@gossamer/protocol';
import { range } from '@gossamer/sdk/node';
import { randomBytes } from 'node:crypto';
import { SQUARE } from '../support/programs.ts';
import { expect, test } from '../support/test.ts';
import { gather, until } from '../support/wait.ts';

const UNITS = 18;
const OPTIONS = { quorum: 2, params: { work: 100 } };

const squares = (results: ResultView[]) =>
  results.toSorted((a, b) => a.unit - b.unit).map(({ unit, output }) => [unit, output]);
const EXPECTED = Array.from({ length: UNITS }, (_, n) => [n, { square: n * n, spun: true }]);

for (const [signal, ending, title] of [
  ['SIGKILL', { code: null, signal: 'SIGKILL' }, 'E4: kill -9 of the coordinator in the middle of a job'],
  ['SIGTERM', { code: 0, signal: null }, 'E16: SIGTERM in the middle of a job ends the coordinator with 0'],
] as const) {
  test(`${title}; after a restart nothing acknowledged is lost, nothing counts twice, and the job completes`, async ({
    coordinator,
    lend,
  }) => {
    const job = await coordinator.grid.map(range(0, UNITS), SQUARE, OPTIONS);
    const tabs = [await lend(), await lend()];
    // A submitter's stream that is open all the while.
    const stream = gather(job.results());
    await until(
      'a third is done',
      () => job.view(),
      ({ units }) => units.validated >= UNITS / 3,
    );
    const before = await coordinator.results(job.id);
    expect(before.length).toBeLessThan(UNITS);
    expect(await coordinator.end(signal)).toEqual(ending);
    for (const tab of tabs) await tab.says('connection', /^(reconnecting…|coordinator is restarting)$/);

    await coordinator.start();
    const now = await coordinator.results(job.id);
    expect(now.slice(0, before.length)).toEqual(before);
    for (const tab of tabs) await tab.connected();
    expect((await job.done()).units).toMatchObject({ total: UNITS, validated: UNITS, failed: 0 });

    const after = await coordinator.results(job.id);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(squares(after)).toEqual(EXPECTED);
    expect((await stream).map(({ unit }) => unit)).toEqual(after.map(({ unit }) => unit));
    for await (const { attempts } of job.units()) {
      const valid = attempts.flatMap(({ state, device }) => (state === 'valid' && device !== null ? [device] : []));
      expect(valid.toSorted()).toEqual(tabs.map(({ device }) => device).toSorted());
    }
    for (const { credit } of await coordinator.devices()) expect(credit).toBe(UNITS);
    for (const tab of tabs) {
      await tab.shows('credit', UNITS);
      expect(tab.loads).toBe(1);
    }
  });
}

test('E4: a result that was acknowledged just before kill -9 is there after it, and counts once when it is sent again', async ({
  coordinator,
  lend,
  script,
}) => {
  const job = await coordinator.grid.map(range(7, 8), SQUARE, { quorum: 2, params: { work: 1 } });
  const device = await script();
  const { ticket, bytes } = await device.lease();
  const body = Buffer.from('{"square":49,"spun":true}');
  const report = {
    lease: { epoch: ticket.epoch, number: ticket.number },
    ticket: bytes,
    attempts: [{ offset: 0, outcome: OUTCOME.json, runMs: 3, body }],
  };
  const { statuses } = await device.exchange({ reports: [report] });
  await coordinator.end('SIGKILL');
  expect(statuses).toEqual([REPORT_STATUS.accepted]);
  await coordinator.start();
  expect((await job.view()).attempts).toMatchObject({ returned: 1, leased: 0 });

  const again = await device.again(coordinator.url);
  expect(again.id).toBe(device.id);
  expect((await again.exchange({ reports: [report] })).statuses).toEqual([REPORT_STATUS.accepted]);
  expect((await job.view()).attempts).toMatchObject({ returned: 1, valid: 0 });
  const tab = await lend();
  expect((await job.done()).units.validated).toBe(1);
  expect((await job.unit(0)).attempts).toMatchObject([
    { device: device.id, state: 'valid' },
    { device: tab.device, state: 'valid' },
  ]);
  again.close();
});

test(
  'E4: of results that pour in, each one that was acknowledged by the moment of kill -9 is there after it',
  { tag: '@long' },
  async ({ coordinator, script }) => {
    const [count, size] = [32, 512 * 1024];
    const limits = { resultBytes: size };
    const job = await coordinator.grid.map(range(0, count), SQUARE, { quorum: 2, params: { work: 1 }, limits });
    const device = await script();
    const { leases } = await device.exchange({ slots: count });
    expect(leases).toHaveLength(count);
    const acknowledged: number[] = [];
    let killed: Promise<unknown> | null = null;
    for (const { ticket: bytes } of leases) {
      const { ticket } = decodeTicket(bytes);
      const body = randomBytes(size);
      const attempts = [{ offset: 0, outcome: OUTCOME.bytes, runMs: 5, body }];
      const report = { lease: { epoch: ticket.epoch, number: ticket.number }, ticket: bytes, attempts };
      const acknowledge = ({ statuses }: ExchangeResponse): void => {
        if (killed !== null || statuses[0] !== REPORT_STATUS.accepted) return;
        acknowledged.push(...ticket.units);
        if (acknowledged.length === count / 4) killed = coordinator.end('SIGKILL');
      };
      // Nobody waits for an answer before the next one is sent; those after the end never come.
      void device.exchange({ reports: [report] }).then(acknowledge, () => {});
    }
    await until('it is killed', () => killed);
    await coordinator.start();
    expect(acknowledged).toHaveLength(count / 4);
    for (const unit of acknowledged) {
      expect((await job.unit(unit)).attempts, `unit ${unit}`).toMatchObject([{ device: device.id, state: 'returned' }]);
    }
    expect((await job.view()).attempts.returned).toBeLessThanOrEqual(count);
  },
);
