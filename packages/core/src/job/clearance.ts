/** Where a job's program may run. `barred`: nowhere, and why not, in words. */
export type Clearance = { kind: 'public' } | { kind: 'playground' } | { kind: 'barred'; reason: string };

export const isSameClearance = (a: Clearance, b: Clearance): boolean =>
  a.kind === b.kind && (a.kind !== 'barred' || b.kind !== 'barred' || a.reason === b.reason);
