import type { LeaseRef } from '@gossamer/protocol';

/** A lease's name as a key of maps. */
export type LeaseKey = `${number}:${number}`;

export const leaseKey = (ref: LeaseRef): LeaseKey => `${ref.epoch}:${ref.number}`;
