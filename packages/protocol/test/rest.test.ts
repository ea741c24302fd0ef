import { describe, expect, it } from 'vitest';
import { classOf, contradictions, JobPatch, JobReason, JobSpec, KeySpec, LIMITS, PageQuery } from '../src/index.ts';

const spec = {
  name: 'primes',
  program: 'ab'.repeat(32),
  source: { kind: 'range', start: 0, stop: 10 },
};

const refused = (fields: Record<string, unknown>): boolean => !JobSpec.safeParse({ ...spec, ...fields }).success;

const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { value };
  return value;
};

describe('what a submitter sends', () => {
  it('PS1: a job needs a name, a program and a source; the rest has defaults', () => {
    expect(JobSpec.parse(spec)).toEqual({
      ...spec,
      chunkSeconds: null,
      sourceMap: null,
      signature: null,
      params: null,
      data: {},
      dataChunks: {},
      source: { kind: 'range', start: 0, stop: 10, step: 1 },
      policy: { kind: 'quorum', quorum: 2 },
      comparison: { kind: 'bytes' },
      independence: { device: true, volunteer: true, prefix: true },
      sameClass: false,
      requirements: { memoryMb: 0, cores: 0, wasm: [] },
      limits: { deadlineMs: 60_000, resultBytes: 65_536, maxErrors: 3, maxAttempts: 20 },
      priority: 0,
      weight: 1,
      seed: 0,
      credit: 1,
    });
    for (const field of Object.keys(spec)) expect(refused({ [field]: undefined })).toBe(true);
  });

  it('PS1: a spec that was read and written again reads the same: it is stored as JSON', () => {
    const read = JobSpec.parse({ ...spec, params: { a: [1, { b: null }] }, weight: 0.3, limits: { maxErrors: 1 } });
    expect(JobSpec.parse(JSON.parse(JSON.stringify(read)))).toEqual(read);
  });

  it('PS2: an unknown field is refused, at every depth', () => {
    expect(refused({ nmae: 1 })).toBe(true);
    expect(refused({ limits: { maxError: 1 } })).toBe(true);
    expect(refused({ policy: { kind: 'quorum', quorum: 2, equals: true } })).toBe(true);
    expect(refused({ policy: { kind: 'trusted', quorum: 2 } })).toBe(true);
    expect(refused({ comparison: { kind: 'program', relative: 1 } })).toBe(true);
    expect(refused({ requirements: { memory: 1 } })).toBe(true);
    expect(refused({ independence: { devices: true } })).toBe(true);
    expect(refused({ source: { ...spec.source, blob: 'x' } })).toBe(true);
    expect(JobPatch.safeParse({ independence: {}, name: 'x' }).success).toBe(false);
    expect(JobPatch.safeParse({ independence: { devices: false } }).success).toBe(false);
    expect(JobReason.safeParse({ reason: 'x', force: true }).success).toBe(false);
    expect(KeySpec.safeParse({ role: 'operator', name: 'x', secret: 'y' }).success).toBe(false);
    expect(PageQuery.safeParse({ limit: '10', offset: '3' }).success).toBe(false);
  });

  it('PS3: numbers out of their range are refused', () => {
    const bad = [
      { name: ' ' },
      { name: 'x'.repeat(201) },
      { program: 'AB'.repeat(32) },
      { policy: { kind: 'quorum', quorum: 0 } },
      { policy: { kind: 'quorum', quorum: 17 } },
      { policy: { kind: 'quorum', quorum: 1.5 } },
      { policy: { kind: 'adaptive', maxErrorRate: 0 } },
      { policy: { kind: 'adaptive', maxErrorRate: 0.21 } },
      { comparison: { kind: 'tolerance', relative: -1 } },
      { comparison: { kind: 'tolerance', absolute: Number.POSITIVE_INFINITY } },
      { requirements: { cores: 1025 } },
      { requirements: { wasm: ['mmx'] } },
      { limits: { deadlineMs: 99 } },
      { limits: { deadlineMs: 86_400_001 } },
      { limits: { resultBytes: 0 } },
      { limits: { resultBytes: LIMITS.largeResult + 1 } },
      { limits: { maxErrors: 0 } },
      { limits: { maxAttempts: 1001 } },
      { priority: 11 },
      { weight: 0 },
      { weight: Number.NaN },
      { seed: -1 },
      { seed: 2 ** 32 },
      { credit: 0 },
      { credit: Number.POSITIVE_INFINITY },
    ];
    for (const fields of bad) expect(refused(fields), JSON.stringify(fields)).toBe(true);
    expect(refused({ seed: 2 ** 32 - 1, priority: -10, policy: { kind: 'quorum', quorum: 16 } })).toBe(false);
  });

  it('PS4: a patch of independence leaves as it is what it does not name', () => {
    expect(JobPatch.parse({ independence: { prefix: false } })).toEqual({ independence: { prefix: false } });
    expect(JobPatch.parse({ independence: {} })).toEqual({ independence: {} });
  });

  it('PS5: JSON of great depth is refused, and overflows no stack', () => {
    expect(refused({ params: nested(LIMITS.jsonDepth) })).toBe(false);
    for (const depth of [LIMITS.jsonDepth + 1, 100_000]) {
      expect(refused({ params: nested(depth) })).toBe(true);
      expect(refused({ source: { kind: 'list', items: [nested(depth)] } })).toBe(true);
    }
    expect(refused({ params: () => 1 })).toBe(true);
  });

  it('PS6: a page has between 1 and 1000 items, 100 unless told', () => {
    expect(PageQuery.parse({})).toEqual({ limit: 100 });
    expect(PageQuery.parse({ limit: '7', after: 'x' })).toEqual({ limit: 7, after: 'x' });
    for (const limit of ['0', '1001', '1.5', 'x']) expect(PageQuery.safeParse({ limit }).success).toBe(false);
  });

  it.each([
    ['limits.maxAttempts', { policy: { kind: 'quorum', quorum: 5 }, limits: { maxAttempts: 4 } }],
    ['limits.maxAttempts', { policy: { kind: 'adaptive' }, limits: { maxAttempts: 2 } }],
    ['comparison', { comparison: { kind: 'bytes', relative: 1e-9 } }],
    ['comparison', { comparison: { kind: 'tolerance' } }],
    ['comparison', { policy: { kind: 'trusted' }, comparison: { kind: 'program' } }],
    ['comparison', { policy: { kind: 'quorum', quorum: 1 }, comparison: { kind: 'tolerance', absolute: 1 } }],
    ['sameClass', { policy: { kind: 'check' }, sameClass: true }],
  ])('PS7: a policy that cannot be kept is told by its field, %s, with the reason: %j', (path, fields) => {
    const found = contradictions(JobSpec.parse({ ...spec, ...fields }));
    expect(found).toMatchObject([{ path, message: expect.stringMatching(/[a-z]{3}/) as string }]);
  });

  it('PS7: what can be kept is no contradiction', () => {
    const policies = [{}, { policy: { kind: 'adaptive' }, comparison: { kind: 'tolerance', relative: 1e-9 } }];
    for (const fields of [...policies, { policy: { kind: 'check' } }, { policy: { kind: 'trusted' } }]) {
      expect(contradictions(JobSpec.parse({ ...spec, ...fields }))).toEqual([]);
    }
  });

  it('PS8: the class of a device is that of the engine of the browser that it names', () => {
    const classes = [
      'Chrome 156 on Linux',
      'Edg 156 on Windows',
      'Firefox 140 on Linux',
      'Safari 26 on Macintosh',
      'x',
    ];
    expect(classes.map(classOf)).toEqual(['chromium', 'chromium', 'firefox', 'webkit', 'other']);
  });
});
