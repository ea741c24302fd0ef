import { type Comparison, type Policy, WasmFeature } from '@gossamer/protocol';
import type { MapOptions } from '@gossamer/sdk/node';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { integer, positive } from './arguments.ts';
import { UsageError } from './exit-code.ts';

type Tolerance = Extract<Comparison, { kind: 'tolerance' }>;

/** When a result is true, and who may compute it. */
export interface PolicyFlags {
  policy?: Policy['kind'];
  quorum?: number;
  maxErrorRate?: number;
  trusted?: true;
  equals?: true;
  toleranceAbsolute?: number;
  toleranceRelative?: number;
  toleranceRead?: Tolerance['read'];
  sameClass?: true;
  requireMemory?: number;
  requireCores?: number;
  requireWasm?: WasmFeature[];
}

const wasmFeatures = (text: string): WasmFeature[] =>
  text.split(',').map((name) => {
    const read = WasmFeature.safeParse(name.trim());
    if (read.success) return read.data;
    throw new InvalidArgumentError(`expected some of ${WasmFeature.options.join(', ')}, with commas.`);
  });

export const addPolicyFlags = (command: Command): Command =>
  command
    .addOption(
      new Option('--policy <kind>', 'when a result is true (default: quorum)').choices([
        'quorum',
        'adaptive',
        'check',
        'trusted',
      ]),
    )
    .option('--quorum <n>', 'how many independent results must agree (default: 2)', integer)
    .option('--max-error-rate <r>', 'adaptive: the share of final results that may be wrong', positive)
    .option('--trusted', 'the same as --policy trusted: take the first result without a second opinion')
    .option('--equals', "results are compared by the program's own equals(a, b)")
    .option('--tolerance-absolute <x>', 'numbers of two results may differ by so much', positive)
    .option('--tolerance-relative <x>', 'or by so much of the larger one', positive)
    .addOption(
      new Option('--tolerance-read <as>', 'what the results hold (default: json)').choices([
        'json',
        'float32',
        'float64',
      ]),
    )
    .option('--same-class', 'all replicas of a unit go to one kind of browser')
    .option('--require-memory <mb>', 'memory that a device must have', integer)
    .option('--require-cores <n>', 'cores that a device must have', integer)
    .option(
      '--require-wasm <features>',
      'features of WebAssembly that it must have, such as simd,threads',
      wasmFeatures,
    );

/** Throws UsageError where flags contradict each other. */
export const policyOptions = (flags: PolicyFlags): MapOptions => {
  const policy = policyOf(flags);
  const comparison = comparisonOf(flags);
  const { requireMemory, requireCores, requireWasm } = flags;
  const requirements = {
    ...(requireMemory === undefined ? {} : { memoryMb: requireMemory }),
    ...(requireCores === undefined ? {} : { cores: requireCores }),
    ...(requireWasm === undefined ? {} : { wasm: requireWasm }),
  };
  return {
    ...(policy === undefined ? {} : { policy }),
    ...(comparison === undefined ? {} : { comparison }),
    ...(flags.sameClass === true ? { sameClass: true } : {}),
    ...(Object.keys(requirements).length > 0 ? { requirements } : {}),
  };
};

const policyOf = ({ policy, quorum, maxErrorRate, trusted }: PolicyFlags): MapOptions['policy'] => {
  const implied = new Set<Policy['kind']>();
  if (policy !== undefined) implied.add(policy);
  if (quorum !== undefined) implied.add('quorum');
  if (maxErrorRate !== undefined) implied.add('adaptive');
  if (trusted === true) implied.add('trusted');
  const [kind, other] = implied;
  if (other !== undefined) {
    throw new UsageError(
      `a job has one policy, not ${kind} and ${other}: --quorum is for quorum, --max-error-rate for adaptive`,
    );
  }
  switch (kind) {
    case undefined:
      return undefined;
    case 'quorum':
      return { kind, quorum: quorum ?? 2 };
    case 'adaptive':
      return { kind, ...(maxErrorRate === undefined ? {} : { maxErrorRate }) };
    case 'check':
    case 'trusted':
      return { kind };
  }
};

const comparisonOf = (flags: PolicyFlags): MapOptions['comparison'] => {
  const { equals, toleranceAbsolute: absolute, toleranceRelative: relative, toleranceRead: read } = flags;
  const tolerates = absolute !== undefined || relative !== undefined || read !== undefined;
  if (equals === true && tolerates) throw new UsageError('give --equals or a tolerance, not both');
  if (equals === true) return { kind: 'program' };
  if (!tolerates) return undefined;
  return {
    kind: 'tolerance',
    ...(absolute === undefined ? {} : { absolute }),
    ...(relative === undefined ? {} : { relative }),
    ...(read === undefined ? {} : { read }),
  };
};
