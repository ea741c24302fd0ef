import type { Comparison, ErrorEstimate, JobEstimate, Policy, ProgramKind, Requirements } from '@gossamer/protocol';

/** A part of 1 as a percentage with two digits that mean something. */
const share = (part: number): string => `${Number((100 * part).toPrecision(2))} %`;

/** A time in its largest unit that gives two digits. */
export const span = (ms: number): string => {
  const units = [
    ['days', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ] as const;
  const [name, length] = units.find(([, size]) => ms >= 2 * size) ?? ['ms', 1];
  return `${Math.round(ms / length)} ${name}`;
};

export const programWord = (kind: ProgramKind): string => (kind === 'wasm' ? 'WebAssembly' : 'JavaScript');

export const policyWords = (policy: Policy): string => {
  switch (policy.kind) {
    case 'quorum':
      return `quorum ${policy.quorum}`;
    case 'adaptive':
      return `adaptive, at most ${share(policy.maxErrorRate)} wrong`;
    case 'check':
    case 'trusted':
      return policy.kind;
  }
};

export const comparisonWords = (comparison: Comparison): string => {
  switch (comparison.kind) {
    case 'bytes':
      return 'bytes';
    case 'program':
      return "the program's equals";
    case 'tolerance':
      return `tolerance, absolute ${comparison.absolute}, relative ${comparison.relative}, of ${comparison.read}`;
  }
};

/** null where any device will do. */
export const requirementsWords = ({ memoryMb, cores, wasm }: Requirements): string | null => {
  const asked = [
    ...(memoryMb > 0 ? [`${memoryMb} MB of memory`] : []),
    ...(cores > 0 ? [`${cores} cores`] : []),
    ...wasm.map((feature) => `WebAssembly ${feature}`),
  ];
  return asked.length === 0 ? null : asked.join(', ');
};

/** A time that it would take were it served is none that it will take. */
const leftWords = (leftMs: number | null, waiting: string | null): string => {
  if (waiting !== null) return 'it waits, and for how long cannot be told';
  return leftMs === null ? 'nothing of it runs' : `${span(leftMs)} left`;
};

/** `waiting`: why nothing of it runs now, as the job says. */
export const estimateWords = (
  { leftMs, attemptsPerUnit, computeMs, credit }: JobEstimate,
  waiting: string | null,
): string =>
  `${leftWords(leftMs, waiting)}; the whole job ${span(computeMs)} of run time and ` +
  `${Math.round(credit)} credit, at ${attemptsPerUnit.toFixed(2)} attempts a unit`;

export const errorWords = (estimate: ErrorEstimate): string => {
  const { rate, maxErrorRate, confirmed, single, checks, failedChecks, caught, revoked } = estimate;
  return (
    `${share(rate)} of the final results may be wrong (stated: ${share(maxErrorRate)}); ${confirmed} confirmed, ` +
    `${single} of one device; ${checks} compared, ${failedChecks} found wrong; a device caught ${caught === 1 ? 'once' : `${caught} times`}, ` +
    `${revoked} results taken back`
  );
};
