import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AppendOutcome,
  type Compacted,
  type LogStore,
  type Segment,
  SequenceGap,
  type Snapshot,
} from '../../src/index.ts';
import { LOG_ENGINES } from './log-engines.ts';
import { bodyOf, readAll } from './segments.ts';

/** What a log is, in the plainest words. */
interface Model {
  epoch: number;
  next: number;
  segments: Segment[];
  snapshot: Snapshot | null;
}

/** `off` moves a number away from the right one: 0 in most cases. */
const off = fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(-1, 1) });
const place = fc.nat({ max: 2 });
const part = fc.record({ place, epochOff: off, seqOff: off, n: fc.integer({ min: 1, max: 9 }), bytes: fc.nat(3_000) });

const command = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('claim' as const), place, epochOff: off }) },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('append' as const), parts: fc.array(part, { maxLength: 5 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('snapshot' as const), place, epochOff: off, seq: fc.nat(30) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('trim' as const), place, epochOff: off, seq: fc.nat(30) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('read' as const), place, after: fc.nat(30), page: fc.nat(4_000) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('compact' as const),
      place,
      epochOff: off,
      from: fc.nat(10),
      mostBytes: fc.integer({ min: 100, max: 9_000 }),
      isOver: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
);
type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never;

/** What a step of compaction says that it did, done to the model. */
const join = (model: Model, after: number, { upto, segments }: Compacted, mostBytes: number): void => {
  const end = model.segments.findIndex(({ seq, n }) => seq + n - 1 === upto) + 1;
  const some = model.segments.slice(end - segments, end);
  expect(some).toHaveLength(segments);
  expect(some[0]!.seq).toBeGreaterThan(after);
  const bytes = some.reduce((sum, { body }) => sum + body.byteLength, 0);
  if (segments > 1) expect(bytes).toBeLessThanOrEqual(mostBytes);
  const body = Buffer.concat(some.map((segment) => segment.body));
  const n = some.reduce((sum, segment) => sum + segment.n, 0);
  const parts = some.flatMap((segment) => (segment.parts ? [...segment.parts] : [segment.n, segment.body.byteLength]));
  const one = { ...some[0]!, epoch: some.at(-1)!.epoch, n, body: new Uint8Array(body), parts: Uint32Array.from(parts) };
  model.segments.splice(end - segments, segments, one);
};

class Run {
  log: LogStore;
  readonly #base: number;
  readonly #reopen: () => Promise<LogStore>;
  readonly #models: Model[] = [0, 1, 2].map(() => ({ epoch: 0, next: 1, segments: [], snapshot: null }));

  constructor(log: LogStore, base: number, reopen: () => Promise<LogStore>) {
    this.log = log;
    this.#base = base;
    this.#reopen = reopen;
  }

  async apply(step: Command): Promise<void> {
    if (step.kind === 'append') return this.#append(step.parts);
    if (step.kind === 'reopen') {
      this.log = await this.#reopen();
      return;
    }
    const model = this.#models[step.place]!;
    const shard = this.#base + step.place;
    switch (step.kind) {
      case 'claim': {
        const seen = model.epoch + step.epochOff;
        const right = seen === model.epoch;
        expect(await this.log.claim(shard, seen)).toEqual(right ? { epoch: seen + 1 } : null);
        if (right) model.epoch += 1;
        break;
      }
      case 'snapshot': {
        const blob = bodyOf(shard, step.seq, 50);
        const setting = this.log.setSnapshot(shard, model.epoch + step.epochOff, step.seq, blob);
        if (model.epoch === 0 || step.epochOff !== 0) expect(await setting).toBe('fenced');
        else if (step.seq >= model.next || step.seq < (model.snapshot?.seq ?? 0)) {
          await expect(setting).rejects.toThrow(SequenceGap);
        } else {
          expect(await setting).toBe('ok');
          model.snapshot = { seq: step.seq, blob };
        }
        break;
      }
      case 'trim': {
        const owned = model.epoch > 0 && step.epochOff === 0;
        expect(await this.log.trim(shard, model.epoch + step.epochOff, step.seq)).toBe(owned ? 'ok' : 'fenced');
        if (owned) model.segments = model.segments.filter(({ seq, n }) => seq + n > step.seq + 1);
        break;
      }
      case 'compact': {
        const { from, mostBytes, isOver } = step;
        const ends = [0, ...model.segments.map(({ seq, n }) => seq + n - 1)];
        const after = ends[from % ends.length]!;
        const found = await this.log.compact(shard, model.epoch + step.epochOff, after, { mostBytes, isOver });
        if (found === 'fenced') expect(model.epoch === 0 || step.epochOff !== 0).toBe(true);
        else if (found.segments > 0) join(model, after, found, mostBytes);
        break;
      }
      case 'read': {
        const expected = model.segments.filter(({ seq, n }) => seq + n > step.after + 1);
        expect(await readAll(this.log, shard, step.after, step.page)).toEqual(expected);
      }
    }
  }

  /** The parts as one call. Numbers run on within the call, as a caller's would. */
  async #append(parts: readonly Extract<Command, { kind: 'append' }>['parts'][number][]): Promise<void> {
    const nexts = this.#models.map(({ next }) => next);
    const call = parts.map(({ place: at, epochOff, seqOff, n, bytes }): Segment => {
      const seq = Math.max(1, nexts[at]! + seqOff);
      nexts[at] = seq + n;
      const shard = this.#base + at;
      return { shard, epoch: Math.max(0, this.#models[at]!.epoch + epochOff), seq, n, body: bodyOf(shard, seq, bytes) };
    });
    const appending = this.log.append(call);
    const groups = this.#models.map((_, at) => call.filter(({ shard }) => shard === this.#base + at));
    if (groups.some((group) => new Set(group.map(({ epoch }) => epoch)).size > 1)) {
      await expect(appending).rejects.toThrow();
      return;
    }
    const owned = groups.map(
      (group, at) => group.length > 0 && group[0]!.epoch > 0 && group[0]!.epoch === this.#models[at]!.epoch,
    );
    const breaks = groups.some((group, at) =>
      group.some(({ seq }, index) => {
        const before = group[index - 1];
        return before === undefined ? owned[at]! && seq !== this.#models[at]!.next : seq !== before.seq + before.n;
      }),
    );
    if (breaks) {
      await expect(appending).rejects.toThrow(SequenceGap);
      return;
    }
    const outcomes = call.map(({ shard }): AppendOutcome => (owned[shard - this.#base]! ? 'ok' : 'fenced'));
    expect(await appending).toEqual(outcomes);
    groups.forEach((group, at) => {
      if (owned[at]!) this.#models[at]!.segments.push(...group);
      if (owned[at]!) this.#models[at]!.next = group.at(-1)!.seq + group.at(-1)!.n;
    });
  }

  async compare(): Promise<void> {
    for (const [at, model] of this.#models.entries()) {
      const shard = this.#base + at;
      expect(await this.log.epochOf(shard)).toBe(model.epoch);
      expect(await this.log.snapshot(shard)).toEqual(model.snapshot);
      expect(await readAll(this.log, shard)).toEqual(model.segments);
    }
  }
}

describe.each(LOG_ENGINES)('the log against a model, engine $name', ({ create, durable }) => {
  test(
    'ST12: whatever is called in whatever order, the log does what the model does',
    { timeout: 300_000 },
    async () => {
      const open = await create();
      let log = await open();
      let base = 0;
      const reopen = async () => {
        if (!durable) return log;
        await log.close();
        return (log = await open());
      };
      const property = fc.asyncProperty(fc.array(command, { maxLength: 25 }), async (commands) => {
        base += 10;
        const run = new Run(log, base, reopen);
        for (const step of commands) await run.apply(step);
        await run.compare();
      });
      await fc.assert(property, { numRuns: durable ? 60 : 500 });
    },
  );
});
