import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addJobFlags, type JobFlags, mapOptions } from '../src/job-flags.ts';
import { type PolicyFlags, addPolicyFlags, policyOptions } from '../src/policy-flags.ts';

/** What flags, as they are typed, make of a job. */
const read = (...flags: string[]): ReturnType<typeof policyOptions> => {
  const command = addPolicyFlags(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  return policyOptions(command.parse(flags, { from: 'user' }).opts<PolicyFlags>());
};

describe('flags that say when a result is true, and who may compute it', () => {
  it('CL27: they become the policy, the comparison and the requirements of the job; without them it has none', () => {
    expect(read()).toEqual({});
    expect(read('--max-error-rate', '0.001', '--tolerance-relative', '1e-9', '--same-class')).toEqual({
      policy: { kind: 'adaptive', maxErrorRate: 0.001 },
      comparison: { kind: 'tolerance', relative: 1e-9 },
      sameClass: true,
    });
    expect(read('--quorum', '3', '--equals', '--require-memory', '4096', '--require-cores', '2')).toEqual({
      policy: { kind: 'quorum', quorum: 3 },
      comparison: { kind: 'program' },
      requirements: { memoryMb: 4096, cores: 2 },
    });
    expect(read('--policy', 'check', '--require-wasm', 'simd,threads')).toEqual({
      policy: { kind: 'check' },
      requirements: { wasm: ['simd', 'threads'] },
    });
    expect(read('--policy', 'quorum')).toEqual({ policy: { kind: 'quorum', quorum: 2 } });
    expect(read('--policy', 'trusted', '--trusted')).toEqual({ policy: { kind: 'trusted' } });
    const floats = ['--tolerance-absolute', '0.5', '--tolerance-read', 'float32'];
    expect(read(...floats)).toEqual({ comparison: { kind: 'tolerance', absolute: 0.5, read: 'float32' } });
  });

  it.each([
    [['--policy', 'trusted', '--quorum', '2'], /one policy, not trusted and quorum/],
    [['--policy', 'check', '--max-error-rate', '0.1'], /one policy/],
    [['--equals', '--tolerance-absolute', '1'], /not both/],
    [['--tolerance-absolute', '0'], /above 0/],
    [['--max-error-rate', 'x'], /above 0/],
    [['--require-wasm', 'mmx'], /expected some of simd/],
    [['--policy', 'majority'], /Allowed choices/],
  ])('CL27: what contradicts itself, or cannot be read, is refused in words: %j', (flags, words) => {
    expect(() => read(...flags)).toThrow(words);
  });
});

describe('flags that say how a job is run', () => {
  const jobOf = (...flags: string[]): ReturnType<typeof mapOptions> => {
    const command = addJobFlags(new Command())
      .exitOverride()
      .configureOutput({ writeErr: () => undefined });
    return mapOptions(command.parse(flags, { from: 'user' }).opts<JobFlags>());
  };

  it('CL83: attempts, weight, credit, reduce and independence have flags; without them the coordinator decides', async () => {
    expect(await jobOf()).toEqual({});
    expect(await jobOf('--max-attempts', '50', '--weight', '2.5', '--credit', '10', '--no-reduce')).toEqual({
      limits: { maxAttempts: 50 },
      weight: 2.5,
      credit: 10,
      reduce: false,
    });
    expect(await jobOf('--allow-same', 'network, device')).toEqual({ independence: { prefix: false, device: false } });
    expect(await jobOf('--allow-same', 'volunteer', '--allow-same', 'network,volunteer')).toEqual({
      independence: { prefix: false, volunteer: false },
    });
  });

  it.each(['prefix', 'network;device', '', 'toString'])(
    'CL83: %j is no kinship, and is refused with those that are',
    (text) => {
      expect(() => jobOf('--allow-same', text)).toThrow(/expected some of network, volunteer, device, with commas/);
    },
  );
});
