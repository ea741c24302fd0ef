import type { LeaseRef } from '@gossamer/protocol';

/** A grant of units of one job to one device. Volatile: after a start its device shows its ticket, or the units are given out anew. */
export interface Lease {
  /** Its number in this epoch. */
  readonly number: number;
  readonly job: number;
  readonly device: number;
  readonly units: readonly number[];
  /** By offset: 1 when the attempt has ended; null while none has. Most leases end as a whole, and never need it for long. */
  settled: Uint8Array | null;
  /** Attempts that have not ended. */
  open: number;
  /** Attempts that came back with an outcome, at this start. */
  ran: number;
  readonly issuedAt: number;
  /** When a result of it was last seen on its way, which may take longer than the run, ms since 1970; 0: never. */
  sendingAt: number;
  /** When its device had a slot free for it, ms since 1970; 0 while it waits there, fetched ahead. */
  begunAt: number;
  /** The run time that the tab last reported, ms. */
  runMs: number;
  /** Its name, when an earlier start issued it and its device holds it still; else null. */
  recalled: LeaseRef | null;
  /** Without a sign of life it ends then, ms since 1970. */
  expiresAt: number;
}

export const isOpenAt = ({ settled, open }: Lease, offset: number): boolean =>
  settled === null ? open > 0 : settled[offset] === 0;

/** The units of a lease that are still open. */
export const openUnits = function* (lease: Lease): Generator<{ unit: number; offset: number }> {
  for (let offset = 0; offset < lease.units.length; offset++) {
    if (isOpenAt(lease, offset)) yield { unit: lease.units[offset]!, offset };
  }
};

/** The name of a lease of an earlier start, as a key. */
export const recallKey = ({ epoch, number }: LeaseRef): string => `${epoch}:${number}`;
