import type { Comparison, JobView, Policy, Requirements } from '@gossamer/protocol';
import { count, list, plural, share } from '../words.ts';
import type { Kin } from './independence.ts';

export const policyWords = (policy: Policy): string => {
  switch (policy.kind) {
    case 'trusted':
      return 'The first result of a unit is believed.';
    case 'check':
      return "The program's own check must accept a result; one that it accepts is enough.";
    case 'adaptive':
      return (
        'One result of a device that has proved itself is enough, with spot checks; what stands on its word alone is ' +
        `provisional until it has survived later ones. At most ${share(policy.maxErrorRate)} of the final results may ` +
        'be wrong.'
      );
    case 'quorum':
      return policy.quorum === 1
        ? 'One result of a unit is enough.'
        : `${policy.quorum} independent results of a unit must agree.`;
  }
};

const toleranceWords = ({ absolute, relative, read }: Extract<Comparison, { kind: 'tolerance' }>): string => {
  const bounds = [
    ...(absolute > 0 ? [String(absolute)] : []),
    ...(relative > 0 ? [`${relative} of the larger one`] : []),
  ];
  const held = { json: 'JSON', float32: '32-bit floats', float64: '64-bit floats' }[read];
  return `Numbers may differ by ${list(bounds, 'or')}; all else must be equal. Results are read as ${held}.`;
};

/** null where nothing is compared. */
export const comparisonWords = ({ policy, comparison }: Pick<JobView, 'policy' | 'comparison'>): string | null => {
  const compares = policy.kind === 'adaptive' || (policy.kind === 'quorum' && policy.quorum > 1);
  if (!compares) return null;
  switch (comparison.kind) {
    case 'bytes':
      return 'Two results are the same when their bytes are.';
    case 'tolerance':
      return toleranceWords(comparison);
    case 'program':
      return "The program's own equals says whether two results are the same.";
  }
};

export const independenceWords = (independence: Record<Kin, boolean>): string => {
  const names = { device: 'devices', volunteer: 'volunteers', prefix: 'networks' };
  const asked = (['device', 'volunteer', 'prefix'] as const).filter((kin) => independence[kin]);
  if (asked.length === 0) return 'Nothing is asked: one device may confirm itself.';
  return `Results that confirm each other come from different ${list(asked.map((kin) => names[kin]))}.`;
};

/** What a device must have; null where any will do. */
export const requirementsWords = ({ memoryMb, cores, wasm }: Requirements): string | null => {
  const asked = [
    ...(memoryMb > 0 ? [`${count(memoryMb)} MB of memory`] : []),
    ...(cores > 0 ? [plural(cores, 'core')] : []),
    ...(wasm.length > 0 ? [`WebAssembly with ${list(wasm)}`] : []),
  ];
  return asked.length === 0 ? null : `A device needs ${list(asked)}, as far as its browser tells.`;
};
