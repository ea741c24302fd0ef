import type { CageLease } from '../api.ts';
import type { UnitsMessage } from '../door/layout.ts';
import { HEAD } from '../door/layout.ts';

/** Leases of fewer units, or of more input bytes, are never packed: there is nothing to gain. */
const PACK_UNITS = 8;
const PACK_BYTES = 1024 * 1024;

/** Whether the outcomes of a lease may travel together. */
export const mayPack = (lease: CageLease): boolean => {
  if (lease.units.length < PACK_UNITS) return false;
  let bytes = 0;
  for (const unit of lease.units) bytes += unit.input.body.byteLength;
  return bytes <= PACK_BYTES;
};

/**
 * The message that carries the lease's units from `from` on, and what of it is transferred.
 * @param packed outcomes may travel together
 * @param keep the inputs are copied, since they may have to be sent once more
 */
export const unitsMessage = (
  lease: CageLease,
  from: number,
  packed: boolean,
  keep: boolean,
): { message: UnitsMessage; transfer: ArrayBuffer[] } => {
  const units = lease.units.slice(from);
  const heads = new Float64Array(units.length * HEAD);
  let size = 0;
  units.forEach(({ index, seed, input }, n) => {
    heads.set([index, seed, input.encoding, input.body.byteLength], n * HEAD);
    size += input.body.byteLength;
  });
  let bodies = units.map((unit) => unit.input.body);
  if (packed) {
    const all = new Uint8Array(size);
    let at = 0;
    for (const body of bodies) {
      all.set(new Uint8Array(body), at);
      at += body.byteLength;
    }
    bodies = [all.buffer];
  }
  return {
    message: { packed, count: units.length, heads, bodies },
    transfer: packed ? bodies : keep ? [] : bodies,
  };
};
