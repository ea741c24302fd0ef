import { range } from '@gossamer/sdk/node';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../support/command.ts';
import { expect, test } from '../support/test.ts';
import { gather } from '../support/wait.ts';

/** Sums the bytes of unit n's thousand, from all of it (even n) or by a read of them alone. */
const SUMS = {
  code: `
let whole;
export async function run(n, ctx) {
  const from = 1000 * n * ctx.params.step;
  const to = Math.min(from + 1000, ctx.dataSize('catalog'));
  const bytes = n % 2 === 0
    ? new Uint8Array(await (whole ??= ctx.data('catalog')), from, to - from)
    : new Uint8Array(await ctx.data('catalog', { from, to }));
  const label = new TextDecoder().decode(await ctx.data('label'));
  return [label, bytes.reduce((sum, byte) => sum + byte, 0)];
}`,
};
const UNITS = 40;
const STEP = 130;
const SIZE = 5 * 1024 * 1024 + 321;

const sums = (bytes: Buffer): [string, number][] =>
  Array.from({ length: UNITS }, (_, n) => {
    const part = bytes.subarray(1000 * n * STEP, 1000 * n * STEP + 1000);
    return ['Vega', part.reduce((sum, byte) => sum + byte, 0)];
  });

test('E35: programs read shared data, which two devices agree on, in parts and whole; each chunk crosses the network once a device, over a reload too', async ({
  coordinator,
  openTab,
}) => {
  const bytes = randomBytes(SIZE);
  const data = { catalog: bytes, label: new TextEncoder().encode('Vega') };
  const submit = () => coordinator.grid.map(range(0, UNITS), SUMS, { quorum: 2, params: { step: STEP }, data });
  const job = await submit();
  const tabs = [await openTab(), await openTab()];
  const fetched = tabs.map(() => [] as string[]);
  const { data: named } = await job.view();
  for (const [n, tab] of tabs.entries()) {
    await tab.context.route(`**/v1/blobs/${named['catalog']}`, (route) => {
      fetched[n]!.push(route.request().headers()['range'] ?? 'all of it');
      return route.continue();
    });
    await tab.visit(coordinator, 2);
    await tab.lend();
  }
  expect((await job.done()).units).toMatchObject({ validated: UNITS, failed: 0 });
  expect((await gather(job.results({ ordered: true }))).map(({ output }) => output)).toEqual(sums(bytes));
  for (const ranges of fetched) {
    const chunks = ranges.flatMap((text) => {
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(text)!.map(Number);
      return Array.from({ length: Math.ceil((to! + 1 - from!) / 1024 ** 2) }, (_, n) => from! / 1024 ** 2 + n);
    });
    expect(new Set(chunks).size).toBe(chunks.length);
  }
  // The devices keep it: another job over the same data, after a reload, asks for none of it.
  for (const tab of tabs) {
    await tab.page.reload();
    await tab.connected();
  }
  for (const ranges of fetched) ranges.length = 0;
  const again = await submit();
  expect((await again.done()).units).toMatchObject({ validated: UNITS, failed: 0 });
  expect(fetched).toEqual([[], []]);
});

test('E36: data that breaks off on the way is fetched again, and a tab that cannot have it gives its units back to one that can', async ({
  coordinator,
  openTab,
}) => {
  const bytes = randomBytes(3 * 1024 * 1024);
  const data = { catalog: bytes, label: new TextEncoder().encode('Vega') };
  const job = await coordinator.grid.map(range(0, 2), SUMS, { quorum: 1, params: { step: STEP }, data });
  const { data: named } = await job.view();
  const starving = await openTab();
  let refused = 0;
  await starving.context.route(`**/v1/blobs/${named['catalog']}`, (route) => {
    refused++;
    return route.abort('connectionreset');
  });
  await starving.visit(coordinator);
  await starving.lend();
  await expect.poll(() => refused, { timeout: 60_000 }).toBeGreaterThanOrEqual(3);
  await expect(starving.page.getByText(/Some work could not run here and was given back: blob/)).toBeVisible({
    timeout: 60_000,
  });
  const whole = await openTab();
  let broken = 0;
  await whole.context.route(`**/v1/blobs/${named['catalog']}`, (route) =>
    broken++ === 0 ? route.abort('connectionreset') : route.continue(),
  );
  await whole.visit(coordinator);
  await whole.lend();
  const { units, attempts } = await job.done();
  expect([units, attempts]).toMatchObject([{ validated: 2, failed: 0 }, { errored: 0 }]);
  expect(broken).toBeGreaterThan(1);
});

test('E35: the command uploads a file as shared data, and a program that reads past its end fails with words', async ({
  coordinator,
  lend,
}) => {
  const program = join(coordinator.data, 'reads.mjs');
  const catalog = join(coordinator.data, 'catalog.bin');
  await writeFile(program, `export const run = async (n, ctx) => (await ctx.data('catalog', { from: n })).byteLength;`);
  await writeFile(catalog, new Uint8Array(10));
  const flags = ['--range', '9..12', '--data', `catalog=${catalog}`, '--quorum', '1', '--max-errors', '1'];
  const created = await command(coordinator, 'jobs', 'create', program, ...flags, '--detach');
  expect(created.status, created.stderr).toBe(0);
  const job = coordinator.grid.jobs.get(created.stdout.trim());
  await lend();
  expect((await job.done()).units).toMatchObject({ validated: 2, failed: 1 });
  const { reason } = await job.unit(2);
  expect(reason).toContain('RangeError: a part goes from a byte to a later one of the 10 that there are');
});

test(
  'E37: kill -9 of the coordinator in the middle of a large upload: it goes on, and tabs compute with what came',
  { tag: '@long' },
  async ({ coordinator, lend }) => {
    const bytes = randomBytes(40 * 1024 * 1024 + 5);
    const kills: Promise<void>[] = [];
    const restart = async (): Promise<void> => {
      await coordinator.end('SIGKILL');
      await coordinator.start();
    };
    const sent: number[] = [];
    const onProgress = ({ sent: bytesSent }: { sent: number }): void => {
      sent.push(bytesSent);
      if (bytesSent >= 16 * 1024 * 1024 && kills.length === 0) kills.push(restart());
    };
    const { sha256 } = await coordinator.grid.blobs.put(bytes, { onProgress });
    expect(kills).toHaveLength(1);
    await Promise.all(kills);
    // It never began anew.
    expect(sent.toSorted((a, b) => a - b)).toEqual(sent);
    const code = `export const run = async (n, ctx) => {
    const from = ctx.dataSize('catalog') - 1000 * (n + 1);
    return new Uint8Array(await ctx.data('catalog', { from, to: from + 1000 })).reduce((sum, byte) => sum + byte, 0);
  };`;
    const job = await coordinator.grid.map(range(0, 3), { code }, { quorum: 1, data: { catalog: { sha256 } } });
    await lend();
    expect((await job.done()).units).toMatchObject({ validated: 3 });
    const expected = [1, 2, 3].map((n) => {
      const from = bytes.byteLength - 1000 * n;
      return bytes.subarray(from, from + 1000).reduce((sum, byte) => sum + byte, 0);
    });
    expect((await gather(job.results({ ordered: true }))).map(({ output }) => output)).toEqual(expected);
  },
);
