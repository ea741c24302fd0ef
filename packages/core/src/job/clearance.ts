/** Where a job's program may run. `barred`: nowhere, and why not, in words. */
export type Clearance = { kind: 'public' } | { kind: 'playground' } | { kind: 'barred'; reason: string };
