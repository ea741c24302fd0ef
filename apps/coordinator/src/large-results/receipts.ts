import type { LeaseRef } from '@gossamer/protocol';
import { createHmac, timingSafeEqual } from 'node:crypto';

/** One attempt of one device: what it sent of another one proves nothing. */
export interface AttemptPlace {
  /** Its number. */
  device: number;
  lease: LeaseRef;
  offset: number;
}

const RECEIPT_BYTES = 16;

const macOf = (secret: Uint8Array, { device, lease, offset }: AttemptPlace, name: Uint8Array): Buffer =>
  createHmac('sha256', secret)
    .update(`result:${device}:${lease.epoch}:${lease.number}:${offset}:`)
    .update(name)
    .digest()
    .subarray(0, RECEIPT_BYTES);

/**
 * That this device has sent the bytes of this attempt's result, and that they are on disk. `name` is what `encodeResultBlob`
 * makes. A MAC, as a ticket has one: it holds over starts, and nothing is kept for it.
 */
export const signReceipt = (secret: Uint8Array, place: AttemptPlace, name: Uint8Array): Buffer =>
  macOf(secret, place, name);

export const isReceipt = (secret: Uint8Array, place: AttemptPlace, name: Uint8Array, receipt: Uint8Array): boolean =>
  receipt.byteLength === RECEIPT_BYTES && timingSafeEqual(macOf(secret, place, name), receipt);
