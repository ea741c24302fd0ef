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

/** The buffer of exactly these bytes: their own, or a copy where they are a part of a larger one. */
const whole = (body: Uint8Array): ArrayBuffer =>
  body.buffer instanceof ArrayBuffer && body.byteLength === body.buffer.byteLength ? body.buffer : body.slice().buffer;

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
    const at = n * HEAD;
    heads[at] = index;
    heads[at + 1] = seed;
    heads[at + 2] = input.encoding;
    heads[at + 3] = input.body.byteLength;
    size += input.body.byteLength;
  });
  if (packed) {
    const all = new Uint8Array(size);
    let at = 0;
    for (const { input } of units) {
      all.set(input.body, at);
      at += input.body.byteLength;
    }
    return { message: { packed, count: units.length, heads, bodies: [all.buffer] }, transfer: [all.buffer] };
  }
  const bodies = units.map(({ input }) => (keep ? input.body.slice().buffer : whole(input.body)));
  return { message: { packed, count: units.length, heads, bodies }, transfer: bodies };
};
