import { OUTCOME, REPORT_STATUS, utf8 } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import type { Projection, ReadModel } from '@gossamer/store';
import { MemoryLogStore, MemoryReadModel } from '@gossamer/store';
import type { JobFact } from '@gossamer/core';
import { encodeFacts } from '@gossamer/core';
import { Projector } from '../../src/queries/projector.ts';
import { Queries } from '../../src/queries/queries.ts';
import { report } from '../harness/device.ts';
import { eventually, startGrid } from '../harness/grid.ts';

test("QU20: a unit's history tells in order and in words what happened to it, and to no other", async () => {
  const grid = await startGrid({ env: { GOSSAMER_SESSION_GRACE_MS: '0' } });
  const job = await grid.rest.submit(2, { policy: { kind: 'quorum', quorum: 2 } });
  const gone = await grid.device();
  const [lost] = await gone.work();
  const { id } = job;
  const unit = lost!.units[0]!;
  gone.close();
  await eventually(async () => expect((await grid.rest.job(id)).attempts.abandoned).toBe(1));
  const names: string[] = [];
  const compute = async (fields: { outcome?: 1 | 3; text: string }) => {
    const device = await grid.device();
    names.push(device.welcome!.device);
    const held = await device.work(2);
    const reports = held.map((lease) => report(lease, () => fields.text, { outcome: fields.outcome ?? OUTCOME.json }));
    await device.exchange({ slots: 0, reports });
    device.close();
  };
  await compute({ outcome: OUTCOME.errored, text: 'it broke' });
  await compute({ text: '1' });
  await compute({ text: '2' });
  await compute({ text: '1' });
  const facts = await grid.rest.unitFacts(id, unit);
  expect(facts.map(({ kind, text, device }) => [kind, device === null ? null : names.indexOf(device), text])).toEqual([
    ['lost', null, 'An attempt was abandoned once; the unit is given out again.'],
    ['errored', 0, expect.stringMatching(/^Attempt \d+\.\d+\.0 failed after 1 ms: it broke$/)],
    ['returned', 1, expect.stringMatching(/^Attempt \d+\.\d+\.0 returned 1 bytes after 1 ms\.$/)],
    ['returned', 2, expect.stringContaining('returned 1 bytes')],
    ['returned', 3, expect.stringContaining('returned 1 bytes')],
    ['judged', null, 'Result 2 is the canonical one: result 2 is valid, result 3 is invalid, result 4 is valid.'],
  ]);
  expect(facts.map(({ fact }) => fact)).toEqual([...facts.map(({ fact }) => fact)].sort((a, b) => a - b));
  expect(facts[1]!.cause).toMatch(/^exchange:/);
  expect(new Set(facts.map(({ unit: of }) => of))).toEqual(new Set([unit]));
  const all = await grid.rest.json<{ items: { text: string }[] }>('GET', `/v1/jobs/${id}/facts?limit=1000`);
  expect(all.items[0]!.text).toBe('The job was created with 2 units.');
  const paged: object[] = [];
  for (let after = '0'; ;) {
    const page = await grid.rest.json<{ items: object[]; next: string | null }>(
      'GET',
      `/v1/jobs/${id}/facts?limit=2&after=${after}`,
    );
    paged.push(...page.items);
    if (page.next === null) break;
    after = page.next;
  }
  expect(paged).toEqual(all.items);
});

test.each([
  ['the same as the canonical one of one', 1, 2, 'valid'],
  ['another than the canonical one of one', 1, 3, 'inconclusive'],
  ['another than the canonical one of two', 2, 3, 'invalid'],
] as const)(
  'QU21: a late result that is %s is judged by reading both from the log',
  async (_, quorum, value, verdict) => {
    const grid = await startGrid({ env: { GOSSAMER_SESSION_GRACE_MS: '0' } });
    const { id } = await grid.rest.submit(1, { policy: { kind: 'quorum', quorum } });
    const slow = await grid.device();
    const [lease] = await slow.work();
    slow.close();
    const large = (first: number) => utf8(JSON.stringify([first, 'x'.repeat(5000)]));
    for (let n = 0; n < quorum; n++) {
      const quick = await grid.device();
      const [own] = await quick.work();
      await quick.exchange({ slots: 0, reports: [report(own!, () => large(2))] });
    }
    expect((await grid.rest.job(id)).state).toBe('completed');
    await slow.signIn(grid.port);
    const late = report(lease!, () => large(value), { ticket: true });
    expect((await slow.exchange({ slots: 0, reports: [late] })).statuses).toEqual([REPORT_STATUS.accepted]);
    await eventually(async () => {
      const { attempts } = await grid.rest.job(id);
      const judged = { valid: quorum, invalid: 0, inconclusive: 0 };
      judged[verdict] += 1;
      expect(attempts).toMatchObject({ returned: 0, ...judged });
    });
    expect((await grid.rest.unitFacts(id, 0)).at(-1)!.text).toBe(
      `A result was judged by itself: result ${quorum + 1} is ${verdict}.`,
    );
    expect(await grid.rest.allResults(id)).toMatchObject([{ unit: 0, output: [2, 'x'.repeat(5000)] }]);
  },
);

const returned = (unit: number, text: string): JobFact => ({
  kind: 'returned',
  at: 1,
  device: 1,
  epoch: 1,
  lease: unit + 1,
  items: [{ unit, offset: 0, runMs: 1, encoding: 0, body: utf8(text) }],
});

/** Writes segments, each of some facts, from fact `seq` on; gives the number of the last fact. */
const write = async (log: MemoryLogStore, seq: number, ...segments: JobFact[][]): Promise<number> => {
  if (seq === 1) await log.claim(1, 0);
  let next = seq;
  for (const facts of segments) {
    await log.append([{ shard: 1, epoch: 1, seq: next, n: facts.length, body: encodeFacts({ cause: 'test', facts }) }]);
    next += facts.length;
  }
  return next - 1;
};

const judged = (unit: number, canonical: number): JobFact => ({
  kind: 'judged',
  at: 1,
  items: [{ unit, canonical, verdicts: [{ ordinal: canonical, verdict: 'valid' }] }],
});

test('QU22: a projection that failed in the middle is made again without counting a result twice', async () => {
  const log = new MemoryLogStore();
  await write(log, 1, [returned(0, '"first"')]);
  const reads = new MemoryReadModel();
  let failures = 1;
  const flaky = new Proxy<ReadModel>(reads, {
    get: (target, name) => {
      if (name !== 'project') return Reflect.get(target, name).bind(target);
      return async (shard: number, upto: number, projection: Projection) => {
        if (upto === 2 && failures-- > 0) throw new Error('no room');
        return target.project(shard, upto, projection);
      };
    },
  });
  const queries = new Queries(log, flaky, new Projector(log, flaky), () => null);
  await queries.results(1, 1, undefined, 10);
  // The first result is in the projector's memory now; the second one comes in when its projection fails.
  const last = await write(log, 2, [returned(0, '"second"')], [judged(0, 1)]);
  await expect(queries.results(1, last, undefined, 10)).rejects.toThrow('no room');
  expect((await queries.results(1, last, undefined, 10)).items).toMatchObject([{ unit: 0, output: 'second' }]);
});

const wrong = (unit: number, ordinal: number): JobFact => ({
  kind: 'judged',
  at: 1,
  items: [{ unit, canonical: null, verdicts: [{ ordinal, verdict: 'invalid' }] }],
});

test('QU24: a verdict that decides no unit forgets none of its results, and one on a late result changes none', async () => {
  const log = new MemoryLogStore();
  const last = await write(
    log,
    1,
    [returned(0, '"made up"')],
    [wrong(0, 0)],
    [returned(0, '"right"')],
    [judged(0, 1)],
    [returned(0, '"late"')],
    [wrong(0, 2)],
  );
  const reads = new MemoryReadModel();
  const queries = new Queries(log, reads, new Projector(log, reads), () => null);
  expect((await queries.results(1, last, undefined, 10)).items).toMatchObject([{ unit: 0, output: 'right' }]);
  const bodies = await queries.attemptBodies(1, last, 0, [0, 2, 3]);
  expect(bodies.map((found) => found && Buffer.from(found.body).toString())).toEqual([
    '"made up"',
    '"late"',
    undefined,
  ]);
});

test('QU25: a provisional result is no final one; its history tells that its device was caught, and what came of it', async () => {
  const log = new MemoryLogStore();
  const items = [{ unit: 0, ordinal: 0 }];
  const before = await write(log, 1, [returned(0, '"alone"')], [{ kind: 'accepted', at: 1, device: 1, items }]);
  const reads = new MemoryReadModel();
  const queries = new Queries(log, reads, new Projector(log, reads), () => null);
  expect((await queries.results(1, before, undefined, 10)).items).toEqual([]);
  const last = await write(
    log,
    before + 1,
    [{ kind: 'caught', at: 2, device: 1, here: true, foreign: false }],
    [returned(0, '"right"'), returned(0, '"right" ')],
    [{ kind: 'compared', at: 3, items: [{ unit: 0, reference: 1, candidate: 2, same: true }] }],
    [judged(0, 1)],
    [{ kind: 'revoked', at: 4, items: [{ unit: 0, ordinals: [1] }] }],
  );
  expect((await queries.results(1, last, undefined, 10)).items).toMatchObject([{ unit: 0, output: 'right' }]);
  const history = (await queries.unitFacts(1, last, 0)).filter(({ kind }) => kind !== 'returned');
  expect(history.map(({ kind, text }) => [kind, text])).toEqual([
    ['accepted', 'Result 1 was accepted on the word of its device, and is provisional.'],
    ['caught', expect.stringContaining('no longer stands on its word')],
    ['compared', "By the job's comparison, results 2 and 3 are the same."],
    ['judged', 'Result 2 is the canonical one: result 2 is valid.'],
    ['revoked', expect.stringContaining('credit for result 2 was taken back')],
  ]);
  for (const { text } of await queries.facts(1, 0, 100)) expect(text).toMatch(/^[A-Z0-9].*\.$/);
});

test('QU23: many who ask at once share one projection', async () => {
  const log = new MemoryLogStore();
  const last = await write(
    log,
    1,
    ...Array.from({ length: 50 }, (_, unit) => [returned(unit, String(unit)), judged(unit, 0)]),
  );
  const reads = new MemoryReadModel();
  let projections = 0;
  const counted = new Proxy<ReadModel>(reads, {
    get: (target, name) => {
      if (name === 'project') projections += 1;
      return Reflect.get(target, name).bind(target);
    },
  });
  const queries = new Queries(log, counted, new Projector(log, counted), () => null);
  const pages = await Promise.all(Array.from({ length: 20 }, (_, i) => queries.results(1, last - i, undefined, 100)));
  for (const { items } of pages) expect(items).toHaveLength(50);
  expect(projections).toBe(50);
});
