import { createHash } from 'node:crypto';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { ResultView } from '@gossamer/protocol';
import { type Job, LargeResult, range } from '../src/node/index.ts';
import { all, thrown, useCoordinator } from './client.ts';
import type { FakeJob } from './fake-jobs.ts';
import { until } from './until.ts';

const { coordinator, client } = useCoordinator();
const code = 'export const run = (input) => input;';
const MIB = 1024 * 1024;

const submit = async <Out>(units: number): Promise<{ job: Job<number, Out>; fake: FakeJob }> => {
  const job = await client().map<number, Out>(range(0, units), { code });
  return { job, fake: coordinator.jobs.at(-1)! };
};

/** Puts bytes at the coordinator as a tab would have. */
const stored = (bytes: Uint8Array, encoding: 'json' | 'bytes'): Pick<ResultView, 'blob'> => {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  coordinator.blobs.set(sha256, Buffer.from(bytes));
  return { blob: { sha256, bytes: bytes.byteLength, encoding } as ResultView['blob'] };
};

const floats = Float64Array.from({ length: MIB / 4 }, (_, n) => n / 3);
const text = JSON.stringify(Array.from({ length: 200_000 }, (_, n) => n));
const reads = (): number => coordinator.requests.filter((line) => line.startsWith('GET /v1/blobs/')).length;

describe('large results', () => {
  it('LB40: are outputs like others, typed, in the order of results, where nothing else is said', async () => {
    const { job, fake } = await submit<unknown>(3);
    fake.finish(1, { ...stored(new Uint8Array(floats.buffer), 'bytes'), type: 'float64' });
    fake.finish(0, { output: 'small' });
    fake.finish(2, stored(Buffer.from(text), 'json'));
    const entries = await all(job.results({ ordered: true }));
    expect(entries.map(({ unit }) => unit)).toEqual([0, 1, 2]);
    expect(entries[0]!.output).toBe('small');
    expect(entries[1]!.output).toEqual(floats);
    expect(entries[2]!.output).toEqual(JSON.parse(text));
  });

  it('LB41: are handles on request, of which nothing is read before it is asked for', async () => {
    const { job, fake } = await submit<Float64Array>(2);
    const bytes = new Uint8Array(floats.buffer);
    fake.finish(0, { ...stored(bytes, 'bytes'), type: 'float64' });
    fake.finish(1, { bytes: '', type: 'float64' });
    const before = reads();
    const entries = await all(job.results({ large: 'handle' }));
    expect(reads()).toBe(before);
    const [first, second] = entries;
    expect(second).toMatchObject({ output: new Float64Array(0) });
    if (first === undefined || !('large' in first)) throw new Error('it is no handle');
    const { large } = first;
    expect(large).toBeInstanceOf(LargeResult);
    expect([large.size, large.type, large.encoding]).toEqual([bytes.byteLength, 'float64', 'bytes']);
    expect(Buffer.compare(await large.bytes(), bytes)).toBe(0);
    const value = await large.value();
    expectTypeOf(value).toEqualTypeOf<Float64Array>();
    expect(value).toEqual(floats);
    const chunks: Uint8Array[] = [];
    for await (const chunk of await large.stream()) chunks.push(chunk);
    expect(Buffer.compare(Buffer.concat(chunks), bytes)).toBe(0);
  });

  it('LB41: are handles of a pipe, too, which goes on reading inputs as they are taken', async () => {
    const pipe = await client().pipe<number, unknown>([1, 2], { code }, { ordered: true, window: 1 });
    const blob = stored(new Uint8Array(floats.buffer), 'bytes');
    const before = reads();
    const results = pipe.handles();
    const first = results.next();
    coordinator.jobs.at(-1)!.finish(0, blob);
    const { value } = (await first) as { value: { large: LargeResult; input: number } };
    expect([value.input, value.large.size, reads()]).toEqual([1, floats.byteLength, before]);
    const second = results.next();
    await until(() => coordinator.jobs.at(-1)!.inputs.length === 2);
    coordinator.jobs.at(-1)!.finish(1, { output: 'small' });
    expect((await second).value).toMatchObject({ input: 2, output: 'small' });
    expect((await results.next()).done).toBe(true);
  });

  it('LB42: are read on where a connection breaks; what comes as something else is an error, and what calls itself JSON and is none comes as bytes', async () => {
    const { job, fake } = await submit<unknown>(3);
    const bytes = new Uint8Array(floats.buffer);
    fake.finish(0, stored(bytes, 'bytes'));
    fake.finish(1, stored(bytes.subarray(0, MIB + 1), 'json'));
    const altered = stored(bytes.subarray(0, MIB + 2), 'bytes');
    fake.finish(2, altered);
    const handles = (await all(job.results({ large: 'handle' }))) as { large: LargeResult }[];
    let broken = 0;
    coordinator.intercept = (request, response) => {
      if (!request.url!.startsWith('/v1/blobs/') || broken > 0) return false;
      broken += 1;
      response.writeHead(200, { 'content-length': bytes.byteLength });
      response.write(bytes.subarray(0, MIB), () => response.destroy());
      return true;
    };
    expect(Buffer.compare(await handles[0]!.large.bytes(), bytes)).toBe(0);
    expect(broken).toBe(1);
    coordinator.intercept = () => false;
    expect(coordinator.headers.at(-1)!.range).toMatch(/^bytes=[1-9]\d*-$/);
    expect(await handles[1]!.large.value()).toEqual(bytes.slice(0, MIB + 1));
    coordinator.blobs.set(altered.blob!.sha256, Buffer.alloc(MIB + 2));
    expect(await thrown(handles[2]!.large.bytes())).toMatchObject({ code: 'answer-unreadable' });
  });

  it('LB43: that stood for a while and are gone are left out, as their revocation follows; final ones that are gone are an error', async () => {
    const { job, fake } = await submit<unknown>(2);
    const gone = stored(new Uint8Array(floats.buffer), 'bytes');
    coordinator.blobs.delete(gone.blob!.sha256);
    fake.suppose(0, gone);
    fake.suppose(0);
    fake.finish(0, { output: 1 });
    fake.finish(1, { output: 2 });
    const kinds = (await all(job.results({ provisional: true }))).map(({ kind, unit }) => `${kind} ${unit}`);
    expect(kinds).toEqual(['revoked 0', 'final 0', 'final 1']);
    const other = await submit<unknown>(1);
    other.fake.finish(0, gone);
    expect(await thrown(all(other.job.results()))).toMatchObject({ code: 'blob-unknown' });
  });
});
