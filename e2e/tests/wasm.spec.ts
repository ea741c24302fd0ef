import { bytesOf, range } from '@gossamer/sdk/node';
import { writeFile } from 'node:fs/promises';
import { command } from '../support/command.ts';
import { withModule } from '../support/modules.ts';
import { expect, test } from '../support/test.ts';
import { gather } from '../support/wait.ts';

const SCALE = 10;
const UNIT_CELLS = 100;

/** Doubles of every size, so that the order in which they are added shows. */
const cells = Float64Array.from({ length: 450 }, (_, i) => Math.sin(i) * 10 ** (i % 9));

/** The mean of each unit's doubles, added in their order. */
const means = Array.from({ length: Math.ceil(cells.length / UNIT_CELLS) }, (_, unit) => {
  const own = cells.subarray(unit * UNIT_CELLS, (unit + 1) * UNIT_CELLS);
  return (own.reduce((sum, cell) => sum + cell, 0) / own.length) * SCALE;
});

for (const program of ['mean in C', 'mean in AssemblyScript'] as const) {
  test(`WA27: ${program}, compiled by its recipe, gives at a quorum of two tabs what is computed here`, async ({
    coordinator,
    lend,
  }) => {
    await withModule(program, async (path) => {
      const data = path.replace(/wasm$/, 'f64');
      await writeFile(data, cells);
      const params = JSON.stringify({ scale: SCALE });
      const flags = ['--input', data, '--records', `${UNIT_CELLS * 8}`, '--params', params, '--quorum', '2'];
      const created = await command(coordinator, 'jobs', 'create', path, ...flags, '--detach');
      expect(created).toMatchObject({ status: 0, stderr: expect.stringContaining('can be seen by the volunteers') });
      const job = coordinator.grid.jobs.get(created.stdout.trim());
      expect((await job.view()).programKind).toBe('wasm');
      await lend();
      await lend();
      expect((await job.done()).units).toMatchObject({ validated: means.length, failed: 0 });

      const printed = await command(coordinator, 'jobs', 'results', job.id, '--ordered');
      const lines = printed.stdout.trim().split('\n');
      const results = lines.map((line) => Buffer.from((JSON.parse(line) as { bytes: string }).bytes, 'base64'));
      expect(results.map((bytes) => [bytes.length, bytes.readDoubleLE()])).toEqual(means.map((mean) => [8, mean]));
      expect((await coordinator.devices()).map(({ valid, invalid }) => [valid, invalid])).toEqual([
        [means.length, 0],
        [means.length, 0],
      ]);
    });
  });
}

/** One way to fail for each unit, by its number. */
const HOSTILE = `
import { inputNumber, unit_index } from "./grid";
function deeper(n: u32): u32 { return n == 0xffffffff ? 0 : deeper(n + 1) + 1; }
export function run(): void {
  const n = unit_index();
  if (n == 0) unreachable();
  if (n == 1) store<u32>(0xfffffff0, 1);
  if (n == 2) { let grown = 0; while (memory.grow(1) >= 0) grown++; throw new Error("grew by " + grown.toString()); }
  if (n == 3) store<u32>(0, deeper(0));
  if (n == 4) store<u32>(0, 1 / (n - 4));
  if (n == 5) inputNumber("missing");
  if (n == 6) while (true) store<u32>(0, load<u32>(0) + 1);
}`;

test('WA26: a hostile module fails unit by unit, each with its kind, by REST and by command; the tab goes on', async ({
  coordinator,
  lend,
}) => {
  const says = [
    'Trap: unreachable (',
    'Trap: memory-out-of-bounds (',
    'Aborted: grew by 12 (line 8)',
    'Trap: stack-overflow (',
    'Trap: divide-by-zero (',
    'GridError: input_number: there is no number named',
    'deadline of 2000 ms',
    'GridError: run: it returned, and gave no result',
  ];
  await withModule({ source: HOSTILE }, async (path) => {
    const limits = { deadlineMs: 2000, maxErrors: 1 };
    const job = await coordinator.grid.map(range(0, says.length), path, { quorum: 1, limits });
    const tab = await lend();
    expect((await job.done()).units).toMatchObject({ failed: says.length });
    for (const [unit, text] of says.entries()) {
      const facts = await coordinator.request(`/v1/jobs/${job.id}/units/${unit}/facts`);
      expect(await facts.text()).toContain(text);
    }
    const { status, stdout } = await command(coordinator, 'jobs', 'results', job.id, '--ordered');
    expect(status).toBe(1);
    const errors = stdout.trim().split('\n');
    expect(errors).toHaveLength(says.length);
    for (const [unit, text] of says.entries()) {
      expect((JSON.parse(errors[unit]!) as { error: string }).error).toContain(text);
    }
    await tab.slot('free');
  });
  await withModule('mean in C', async (path) => {
    const job = await coordinator.grid.map(bytesOf(new Uint8Array(cells.buffer), { bytes: UNIT_CELLS * 8 }), path, {
      quorum: 1,
      params: { scale: 1 },
    });
    const results = await gather(job.results());
    expect(results).toHaveLength(means.length);
  });
});
