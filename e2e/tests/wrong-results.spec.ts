import { range } from '@gossamer/sdk/node';
import { lieAbout } from '../support/liar.ts';
import { SQUARE } from '../support/programs.ts';
import { expect, test } from '../support/test.ts';
import { gather, until } from '../support/wait.ts';

test('E2: a device that returns wrong bytes is outvoted by two honest tabs, and gets no credit', async ({
  coordinator,
  lend,
  script,
}) => {
  const job = await coordinator.grid.map(range(0, 10), SQUARE, { quorum: 2, params: { work: 1 } });
  const liar = await script();
  const lied = await lieAbout(liar, 4);
  const tabs = [await lend(), await lend()];
  expect((await job.done()).units).toMatchObject({ validated: 10, failed: 0 });

  const results = await gather(job.results({ ordered: true }));
  expect(results.map(({ input, output }) => [input, output])).toEqual(
    Array.from({ length: 10 }, (_, n) => [n, { square: n * n, spun: true }]),
  );
  const devices = await coordinator.devices();
  const account = (id: string) => devices.find((device) => device.id === id);
  expect(account(liar.id)).toMatchObject({ valid: 0, invalid: lied.length, waiting: 0, credit: 0 });
  for (const { device } of tabs) expect(account(device)).toMatchObject({ valid: 10, invalid: 0, credit: 10 });
  for (const index of lied) {
    const { state, attempts } = await job.unit(index);
    expect(state).toBe('validated');
    const states = Object.fromEntries(attempts.map((attempt) => [attempt.device, attempt.state]));
    expect(states).toEqual({ [liar.id]: 'invalid', [tabs[0]!.device]: 'valid', [tabs[1]!.device]: 'valid' });
  }
  await until(
    'the liar is told',
    () => liar.standing,
    (standing) => standing?.invalid === lied.length,
  );
  expect(liar.standing).toMatchObject({ valid: 0, credit: 0 });
});

test('E13: a job that waits for a second device says so in words, and completes when that is not asked of it', async ({
  coordinator,
  lend,
}) => {
  const job = await coordinator.grid.map(range(0, 3), SQUARE, { quorum: 2, params: { work: 1 } });
  const tab = await lend();
  await tab.shows('units-waiting', 3);
  const { waiting } = await until(
    'it says why',
    () => job.view(),
    (view) => view.waiting !== null,
  );
  expect(waiting).toMatch(/3 units wait for another, independent device/);
  expect((await job.view()).units.validated).toBe(0);
  await tab.says('connection', 'no work right now');

  const patched = await job.patch({ independence: { device: false } });
  expect(patched.independence).toEqual({ device: false, volunteer: true, prefix: true });
  const done = await job.done();
  expect(done).toMatchObject({ state: 'completed', waiting: null, units: { validated: 3 } });
  await tab.shows('units-valid', 6);
});
