import { z } from 'zod';
import { LIMITS } from '../limits.ts';

/**
 * When is a result true.
 * `quorum`: so many independent results agree.
 * `adaptive`: one result of a device that has earned it is enough, with spot checks; what one device alone says stays
 * provisional until that device has survived later checks. `maxErrorRate` is the share of final results that may be
 * wrong, as the submitter states it.
 * `check`: the program's own `check(input, result)` accepts it.
 * `trusted`: the first one wins.
 */
export const Policy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('quorum'), quorum: z.int().min(1).max(16) }),
  z.strictObject({ kind: z.literal('adaptive'), maxErrorRate: z.number().min(0.0001).max(0.2).default(0.01) }),
  z.strictObject({ kind: z.literal('check') }),
  z.strictObject({ kind: z.literal('trusted') }),
]);
export type Policy = z.infer<typeof Policy>;

const bound = z.number().min(0).max(1e300);

/**
 * When are two results the same.
 * `bytes`: their bytes are.
 * `tolerance`: they hold the same numbers but for |a - b| <= max(absolute, relative * max(|a|, |b|)), everything that is
 * no number being equal. `read` says how they are read: JSON, or little-endian floats.
 * `program`: the program's own `equals(a, b)` says so.
 */
export const Comparison = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('bytes'), absolute: bound.optional(), relative: bound.optional() }),
  z.strictObject({
    kind: z.literal('tolerance'),
    absolute: bound.default(0),
    relative: bound.default(0),
    read: z.enum(['json', 'float32', 'float64']).default('json'),
  }),
  z.strictObject({ kind: z.literal('program') }),
]);
export type Comparison = z.infer<typeof Comparison>;

/** Features of WebAssembly that a browser may lack. */
export const WasmFeature = z.enum(['simd', 'threads', 'exceptions', 'gc', 'memory64', 'tail-call']);
export type WasmFeature = z.infer<typeof WasmFeature>;

/** What a device must have to be given units of the job. Devices describe themselves: a lie earns an error. */
export const Requirements = z.strictObject({
  /** Memory of the device, MB, as coarsely as browsers tell it. */
  memoryMb: z.int().min(0).max(1_048_576).default(0),
  cores: z.int().min(0).max(1024).default(0),
  wasm: z.array(WasmFeature).max(WasmFeature.options.length).default([]),
});
export type Requirements = z.infer<typeof Requirements>;

/** What a device says of itself; null where its browser does not tell. */
export const Capabilities = z.strictObject({
  memoryMb: z.int().min(0).max(1_048_576).nullable().default(null),
  cores: z.int().min(0).max(1024).nullable().default(null),
  wasm: z.array(WasmFeature).max(WasmFeature.options.length).default([]),
});
export type Capabilities = z.infer<typeof Capabilities>;

/**
 * The class of a device: its browser's engine. Results of one program may differ between classes in the last bits of
 * floating-point numbers, and hardly ever within one.
 */
export const DeviceClass = z.enum(['chromium', 'firefox', 'webkit', 'other']);
export type DeviceClass = z.infer<typeof DeviceClass>;

/** The class of a device by what it says of its platform (`Chrome 156 on Linux`). */
export const classOf = (platform: string): DeviceClass => {
  if (/\b(Chrome|Chromium|Edg)\b/.test(platform)) return 'chromium';
  if (/\bFirefox\b/.test(platform)) return 'firefox';
  return /\bSafari\b/.test(platform) ? 'webkit' : 'other';
};

interface Judged {
  policy: Policy;
  comparison: Comparison;
  limits: { maxAttempts: number; resultBytes: number };
  sameClass: boolean;
  reduce?: boolean | undefined;
}

/** What of a job's policy contradicts itself, field by field, in words; empty when nothing does. */
export const contradictions = (spec: Judged): { path: string; message: string }[] => {
  const { policy, comparison, limits } = spec;
  const found: { path: string; message: string }[] = [];
  const say = (path: string, message: string): void => void found.push({ path, message });
  if (policy.kind === 'quorum' && limits.maxAttempts < policy.quorum) {
    say('limits.maxAttempts', `a quorum of ${policy.quorum} needs at least ${policy.quorum} attempts a unit`);
  }
  if (policy.kind === 'adaptive' && limits.maxAttempts < 3) {
    say('limits.maxAttempts', 'adaptive verification needs at least 3 attempts a unit, to settle a disagreement');
  }
  if (comparison.kind === 'bytes' && (comparison.absolute !== undefined || comparison.relative !== undefined)) {
    say('comparison', 'bytes are the same or not: a tolerance needs the kind "tolerance"');
  }
  if (comparison.kind === 'tolerance' && comparison.absolute === 0 && comparison.relative === 0) {
    say('comparison', 'a tolerance needs an absolute or a relative bound above 0; without one use the kind "bytes"');
  }
  const compares = policy.kind === 'adaptive' || (policy.kind === 'quorum' && policy.quorum > 1);
  if (!compares && comparison.kind !== 'bytes') {
    say('comparison', `nothing is compared under this policy (${policy.kind}): leave the comparison out`);
  }
  if (!compares && spec.sameClass) {
    say('sameClass', `a unit has no replicas under this policy (${policy.kind}) that could be of one class`);
  }
  if (limits.resultBytes > LIMITS.result) {
    const large = `results of over ${LIMITS.result} bytes are compared by their digests, and not read here`;
    if (comparison.kind !== 'bytes') {
      say('comparison', `${large}: compare by bytes, or set limits.resultBytes to ${LIMITS.result} at the most`);
    }
    if (policy.kind === 'check') {
      const instead = 'verify by a quorum, or adaptively';
      say('policy', `${large}: ${instead}, or set limits.resultBytes to ${LIMITS.result} at the most`);
    }
    if (spec.reduce === true) {
      say('reduce', `${large}: say reduce: false, or set limits.resultBytes to ${LIMITS.result} at the most`);
    }
  }
  return found;
};
