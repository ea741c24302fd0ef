import { bands, bytesOf, lines } from '@gossamer/sdk/node';
import { randomFillSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { command } from '../support/command.ts';
import { ECHO, REVERSE } from '../support/programs.ts';
import { expect, test } from '../support/test.ts';
import { gather, until } from '../support/wait.ts';

/** Every byte there is, and more: what an encoding would spoil shows. */
const bytes = (size: number): Uint8Array => randomFillSync(new Uint8Array(size));

const plain = (output: unknown): number[] => [...(output as Uint8Array)];

test('E14: records of bytes travel to programs and back as they are, confirmed by two devices', async ({
  coordinator,
  lend,
}) => {
  const data = bytes(1000);
  const source = bytesOf(data, { bytes: 300, overlap: 20, offset: 4 });
  const job = await coordinator.grid.map(source, REVERSE, { quorum: 2 });
  await lend();
  await lend();
  expect((await job.done()).units).toMatchObject({ validated: 4, failed: 0 });
  const outputs = (await gather(job.results({ ordered: true }))).map(({ output }) => plain(output));
  const cuts = [4, 284, 564, 844].map((start) => [...data.slice(start, Math.min(1000, start + 300))].toReversed());
  expect(outputs).toEqual(cuts);
  const answer = await coordinator.request(`/v1/jobs/${job.id}/units/2/result`);
  expect(answer.headers.get('content-type')).toContain('application/octet-stream');
  expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual(cuts[2]);
});

test('E30: typed arrays travel to programs and back with their type, confirmed by two devices', async ({
  coordinator,
  lend,
}) => {
  const inputs = [new Float64Array([1.5, Number.NaN, -0]), new Int16Array([-1, 2]), new BigUint64Array([2n ** 63n])];
  const code = 'export const run = (x) => (x instanceof Float64Array ? x.map((y) => y * 2) : x.toReversed());';
  const job = await coordinator.grid.map<(typeof inputs)[number], (typeof inputs)[number]>(
    inputs,
    { code },
    { quorum: 2 },
  );
  await lend();
  await lend();
  expect((await job.done()).units).toMatchObject({ validated: 3, failed: 0 });
  const outputs = (await gather(job.results({ ordered: true }))).map(({ output }) => output);
  expect(outputs).toEqual([new Float64Array([3, Number.NaN, -0]), new Int16Array([2, -1]), inputs[2]]);
});

test('E14: bands of a matrix reach programs row by row, with what overlaps on either side', async ({
  coordinator,
  lend,
}) => {
  const [rows, columns, cellBytes, width, overlap] = [5, 22, 4, 8, 3];
  const data = bytes(16 + rows * columns * cellBytes);
  const shape = { rows, columns, cellBytes, width, overlap, offset: 16 };
  const job = await coordinator.grid.map(bands(data, shape), ECHO, { quorum: 2 });
  await lend();
  await lend();
  expect((await job.done()).units).toMatchObject({ validated: 3, failed: 0 });
  const outputs = (await gather(job.results({ ordered: true }))).map(({ output }) => plain(output));
  const band = (from: number, to: number): number[] =>
    Array.from({ length: rows }, (_, row) => {
      const start = 16 + row * columns * cellBytes;
      return [...data.slice(start + from * cellBytes, start + to * cellBytes)];
    }).flat();
  expect(outputs).toEqual([band(0, 11), band(5, 19), band(13, 22)]);
});

test('E14: lines reach programs as text and as JSON, of any alphabet; blank ones count not', async ({
  coordinator,
  lend,
}) => {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const text = await coordinator.grid.map(lines(encode('один\n\n第二\r\nthe "third" \u{1F30C}')), ECHO, { quorum: 1 });
  const ndjson = await coordinator.grid.map(lines(encode('{"n":1}\n[2,null]\n"три"\n4\n'), 'ndjson'), ECHO, {
    quorum: 1,
  });
  await lend();
  await text.done();
  await ndjson.done();
  expect((await gather(text.results({ ordered: true }))).map(({ output }) => output)).toEqual(
    ['один', '第二', 'the "third" \u{1F30C}'].map((value) => ({ was: 'string', value })),
  );
  expect((await gather(ndjson.results({ ordered: true }))).map(({ output }) => output)).toEqual([
    { was: 'object', value: { n: 1 } },
    { was: 'object', value: [2, null] },
    { was: 'string', value: 'три' },
    { was: 'number', value: 4 },
  ]);
});

test('E17: large inputs are fetched as blobs, each device its own; a fetch that fails is tried again', async ({
  coordinator,
  openTab,
}) => {
  const size = 200 * 1024;
  const data = bytes(3 * size);
  const limits = { resultBytes: size };
  const job = await coordinator.grid.map(bytesOf(data, { bytes: size }), REVERSE, { quorum: 1, limits });
  const tab = await openTab();
  let failed = 0;
  await tab.context.route('**/v1/blobs/*', async (route) => {
    // The program's fetch goes through; then the first input's breaks once, and the others are slow.
    if (failed === 0 && tab.requests.filter((path) => path.includes('/blobs/')).length > 1) {
      failed++;
      return route.abort('connectionreset');
    }
    await new Promise((resolve) => setTimeout(resolve, 400));
    return route.continue();
  });
  await tab.visit(coordinator);
  await tab.lend();
  expect((await job.done()).units).toMatchObject({ validated: 3, failed: 0 });
  expect(failed).toBe(1);
  const outputs = await gather(job.results({ ordered: true }));
  for (const [index, { output }] of outputs.entries()) {
    const whole = Buffer.from(data.slice(index * size, (index + 1) * size).toReversed());
    expect(whole.equals(output as Uint8Array), `unit ${index}`).toBe(true);
  }
  const fetched = new Set(tab.requests.filter((path) => path.includes('/blobs/')));
  // The program and three slices; never the file itself.
  expect(fetched.size).toBe(4);
  await until(
    'nothing is in trouble',
    () => job.view(),
    ({ attempts }) => attempts.errored === 0,
  );
});

test('E45: rows of a table and every combination of parameters reach programs by command, as the numbers and texts they are', async ({
  coordinator,
  lend,
}, info) => {
  await writeFile(
    info.outputPath('tell.ts'),
    'export const run = (x: object) => [x, Object.values(x).map((y) => typeof y)];',
  );
  await writeFile(info.outputPath('stars.csv'), '\ufeffname,mag,code\r\nVega,0.03,007\r\n"Sirius, ""A""",-1.46,\r\n');
  await lend();
  await lend();
  const map = (...flags: string[]) =>
    command(coordinator, 'map', info.outputPath('tell.ts'), '--quorum', '2', '--ordered', ...flags);
  const outputsOf = ({ stdout, stderr, status }: Awaited<ReturnType<typeof map>>): unknown[] => {
    expect(status, stderr).toBe(0);
    return stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { output: unknown }).output);
  };
  expect(outputsOf(await map('--input', info.outputPath('stars.csv')))).toEqual([
    [{ name: 'Vega', mag: 0.03, code: '007' }, ['string', 'number', 'string']],
    [{ name: 'Sirius, "A"', mag: -1.46, code: '' }, ['string', 'number', 'string']],
  ]);
  const combined = outputsOf(await map('--axis', 'mode=fast,slow', '--axis', 'n=0..6..2'));
  const kinds = ['string', 'number'];
  expect(combined).toEqual(['fast', 'slow'].flatMap((mode) => [0, 2, 4].map((n) => [{ mode, n }, kinds])));
});
