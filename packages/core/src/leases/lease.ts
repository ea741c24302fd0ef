import type { LeaseRef } from '@gossamer/protocol';

/** States of an attempt within a lease that is in memory. */
export const MEMBER = { open: 0, settled: 1 } as const;

/** A grant of units of one job to one device. Volatile: after a crash the units are leased again. */
export interface Lease {
  /** Its number in this epoch. */
  readonly number: number;
  readonly job: number;
  readonly device: number;
  readonly units: Uint32Array;
  /** By offset: `MEMBER`. */
  readonly members: Uint8Array;
  /** Members that are open. */
  open: number;
  readonly issuedAt: number;
  /** When its device had a slot free for it, ms since 1970; 0 while it waits there, fetched ahead. */
  begunAt: number;
  /** The run time that the tab last reported, ms. */
  runMs: number;
  /** Its name, when an earlier start issued it and its device holds it still; else null. */
  recalled: LeaseRef | null;
  /** Without a sign of life it ends then, ms since 1970. */
  expiresAt: number;
}

/** The units of a lease that are still open. */
export const openUnits = function* (lease: Lease): Generator<{ unit: number; offset: number }> {
  for (let offset = 0; offset < lease.units.length; offset++) {
    if (lease.members[offset] === MEMBER.open) yield { unit: lease.units[offset]!, offset };
  }
};

/** The name of a lease of an earlier start, as a key. */
export const recallKey = ({ epoch, number }: LeaseRef): string => `${epoch}:${number}`;
