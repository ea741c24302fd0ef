import type { JobFact } from '@gossamer/core';
import { ENCODING, WebhookResult } from '@gossamer/protocol';
import type { Position } from '@gossamer/store';
import { MemoryReadModel } from '@gossamer/store';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Told } from '../../src/queries/job-changes.ts';
import { JobChanges } from '../../src/queries/job-changes.ts';
import { Projector } from '../../src/queries/projector.ts';
import { BEGINNING } from '../../src/webhooks/lane.ts';
import { accepted, audited, caught, CHANGING, JOB, JobLog, judged, returned } from '../queries/log-of.ts';

const ALL = new Set<Told>(['final', 'provisional', 'reopened', 'held', 'released']);

const held = (reason: string): JobFact => ({ kind: 'held', at: 1, reason });
const released = (reason = ''): JobFact => ({ kind: 'released', at: 1, reason });

/** A job's log of these segments. */
const written = async (segments: readonly (readonly JobFact[])[]) => {
  const { log, last } = await JobLog.of(segments);
  const reads = new MemoryReadModel();
  return { changes: new JobChanges(log, reads, new Projector(log, reads)), last };
};

type World = Awaited<ReturnType<typeof written>>;

/** All that is told from a position on, a run at a time. */
const tell = async ({ changes, last }: World, wanted: ReadonlySet<Told> = ALL, from: Position = BEGINNING) => {
  const runs: [Told, unknown[]][] = [];
  for (let after = from; ;) {
    const run = await changes.next(JOB, last, after, wanted);
    if (run === null) return runs;
    runs.push([run.told, await changes.read(JOB, run.told, after, run.upto)]);
    after = run.upto;
  }
};

test('HK16: a provisional result is told, then that it no longer stands, then what is final, in the order of the log', async () => {
  const world = await written(CHANGING);
  expect(await tell(world)).toEqual([
    [
      'provisional',
      [
        { unit: 0, output: 'a0' },
        { unit: 1, output: 'a1' },
        { unit: 2, output: 'a2' },
      ],
    ],
    ['reopened', [expect.objectContaining({ unit: 1 })]],
    [
      'final',
      [
        { unit: 1, output: 'b1' },
        { unit: 3, output: 'a3' },
      ],
    ],
    ['reopened', [expect.objectContaining({ unit: 0 }), expect.objectContaining({ unit: 2 })]],
    ['final', [{ unit: 0, output: 'a0' }]],
    ['provisional', [{ unit: 2, output: 'c2' }]],
    ['final', [{ unit: 2, output: 'c2' }]],
  ]);
  expect((await tell(world, new Set(['final']))).map(([told, items]) => [told, items.length])).toEqual([['final', 4]]);
});

test('HK18: each order is told by itself, with its reason, and an empty one, too', async () => {
  const world = await written([
    [held('first'), released('seen')],
    [returned(1, [0, '1']), judged(0, 0), held('')],
  ]);
  expect(await tell(world)).toEqual([
    ['held', [{ unit: 0, error: 'first' }]],
    ['released', [{ unit: 0, error: 'seen' }]],
    ['final', [{ unit: 0, output: 1 }]],
    ['held', [{ unit: 0, error: '' }]],
  ]);
});

test('HK17: a run ends at 200 items, or before 256 KiB; what is larger than 16 KiB counts as nothing and is not read', async () => {
  const many = Array.from({ length: 450 }, (_, unit) => unit);
  const few = await written([
    [returned(1, ...many.map((unit): [number, string] => [unit, '1']))],
    many.map((unit) => judged(unit, 0)),
  ]);
  expect((await tell(few)).map(([, items]) => items.length)).toEqual([200, 200, 50]);
  const text = (bytes: number) => JSON.stringify('x'.repeat(bytes - 2));
  const sizes = [...Array.from({ length: 20 }, () => 16 * 1024), 16 * 1024 + 1, 1_000_000];
  const large = await written([
    [returned(1, ...sizes.map((size, unit): [number, string] => [unit, text(size)]))],
    sizes.map((_, unit) => judged(unit, 0)),
  ]);
  const told = await tell(large);
  expect(told.map(([, items]) => items.length)).toEqual([16, 6]);
  expect(told.at(-1)![1].slice(-2)).toEqual([
    { unit: 20, size: 16 * 1024 + 1 },
    { unit: 21, size: 1_000_000 },
  ]);
});

test('HK17: JSON that is nested too deeply to be written again is told as bytes', async () => {
  const deep = '['.repeat(5000) + ']'.repeat(5000);
  const world = await written([[returned(1, [0, deep], [1, 'no JSON'])], [judged(0, 0), judged(1, 0)]]);
  const bytes = (text: string) => Buffer.from(text).toString('base64');
  expect(await tell(world)).toEqual([
    [
      'final',
      [
        { unit: 0, bytes: bytes(deep) },
        { unit: 1, bytes: bytes('no JSON') },
      ],
    ],
  ]);
});

test('TA10: a typed array is told with the type of its elements, and as bytes where they are not whole', async () => {
  const bodies = [new Float32Array([1, -2]), new BigInt64Array([3n])].map(({ buffer }) => new Uint8Array(buffer));
  const body = (unit: number) => bodies[unit] ?? Uint8Array.of(1, 2, 3);
  const encodings = [ENCODING.float32, ENCODING.bigInt64, ENCODING.float32];
  const items = encodings.map((encoding, unit) => ({ unit, offset: unit, runMs: 1, encoding, body: body(unit) }));
  const world = await written([
    [{ kind: 'returned', at: 1, device: 1, epoch: 1, lease: 1, items }],
    items.map(({ unit }) => judged(unit, 0)),
  ]);
  const base64 = (unit: number) => Buffer.from(body(unit)).toString('base64');
  const expected = [
    { unit: 0, bytes: base64(0), type: 'float32' },
    { unit: 1, bytes: base64(1), type: 'bigInt64' },
    { unit: 2, bytes: base64(2) },
  ];
  expect(await tell(world)).toEqual([['final', expected]]);
  // Receivers that read by the schema keep it.
  expect(expected.map((result) => WebhookResult.parse(result))).toEqual(expected);
});

const story = fc.array(
  fc.record({ unit: fc.nat(60), what: fc.constantFrom('accepted', 'judged', 'audited', 'caught', 'held', 'released') }),
  { maxLength: 80 },
);

const factOf = ({ unit, what }: { unit: number; what: string }): JobFact[] => {
  switch (what) {
    case 'accepted':
      return [accepted(unit % 3, unit)];
    case 'judged':
      return [judged(unit, 0)];
    case 'audited':
      return [audited(unit % 3, unit)];
    case 'caught':
      return [caught(unit % 3)];
    case 'held':
      return [held(`because of ${unit}`)];
    default:
      return [released()];
  }
};

test('HK31: from any position on the same is told, whatever of it is wanted and however it was read before', async () => {
  const property = fc.asyncProperty(story, fc.subarray([...ALL]), async (steps, some) => {
    const first = returned(1, ...Array.from({ length: 61 }, (_, unit): [number, string] => [unit, String(unit)]));
    const segments = [[first], ...steps.map(factOf)];
    const world = await written(segments);
    const wanted = new Set(some);
    const flat = (runs: [Told, unknown[]][]) => runs.flatMap(([told, items]) => items.map((item) => [told, item]));
    const all = flat(await tell(world));
    // A model that was never read, and begins at its end.
    const fresh = await written(segments);
    expect(flat(await tell(fresh, wanted))).toEqual(all.filter(([told]) => wanted.has(told as Told)));
    const run = await fresh.changes.next(JOB, fresh.last, BEGINNING, ALL);
    if (run === null) return;
    const rest = flat(await tell(fresh, ALL, run.upto));
    expect(rest).toEqual(all.slice(all.length - rest.length));
    expect(await fresh.changes.read(JOB, run.told, BEGINNING, run.upto)).toHaveLength(all.length - rest.length);
  });
  await fc.assert(property, { numRuns: 100 });
});
