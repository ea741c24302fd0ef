import type { CageLease, CageUnit } from '@gossamer/cage/engine';
import type { JobCard, UnitInput } from '@gossamer/protocol';
import { unitSeed } from '@gossamer/protocol';
import { fetchBlob, hex } from '../blobs.ts';
import type { SharedData } from '../data/shared-data.ts';
import type { LeaseKey } from '../exchange/lease-key.ts';
import type { FrameHold, Frames } from '../frames.ts';
import type { Programs } from '../programs.ts';
import type { Vetting } from '../vetting.ts';

/** A lease as it was granted. `inputs[n]` is the input of the work unit `indices[n]`. */
export interface LeaseWork {
  key: LeaseKey;
  card: JobCard;
  indices: number[];
  inputs: UnitInput[];
}

/** All that a lease needs to run. */
export interface Prepared {
  lease: CageLease;
  hold: FrameHold;
}

/** Blobs of one lease that are fetched at a time. */
const FETCHES = 4;

const fetchUnits = async ({ card, indices, inputs }: LeaseWork, signal: AbortSignal): Promise<CageUnit[]> => {
  const units: CageUnit[] = [];
  let next = 0;
  const fetchNext = async (): Promise<void> => {
    for (let at = next++; at < inputs.length; at = next++) {
      const input = inputs[at]!;
      const index = indices[at]!;
      const body = input.kind === 'inline' ? input.body : await fetchBlob(hex(input.sha256), input.size, signal);
      units[at] = { index, seed: unitSeed(card.seed, index), input: { encoding: input.encoding, body } };
    }
  };
  await Promise.all(Array.from({ length: FETCHES }, fetchNext));
  return units;
};

/** What leases are made ready with. */
export interface Parts {
  vetting: Pick<Vetting, 'require'>;
  programs: Programs;
  frames: Frames;
  data: Pick<SharedData, 'of'>;
}

/**
 * Checks what is signed; then fetches program and inputs and opens the job's frame, all at once. Rejects with why it
 * cannot be run here: ProgramRefused when the program is not what was admitted.
 */
export const prepare = async (
  work: LeaseWork,
  { vetting, programs, frames, data }: Parts,
  signal: AbortSignal,
): Promise<Prepared> => {
  await vetting.require(work.card);
  signal.throwIfAborted();
  const holding = frames.acquire(work.card);
  try {
    const [{ program }, units, shared] = await Promise.all([
      programs.get(work.card),
      fetchUnits(work, signal),
      data.of(work.card, signal),
    ]);
    const hold = await holding;
    signal.throwIfAborted();
    const { deadlineMs, resultBytes } = work.card.limits;
    const params = JSON.stringify(work.card.params);
    const lease: CageLease = { program, params, units, limits: { deadlineMs, resultBytes } };
    return { lease: shared === undefined ? lease : { ...lease, data: shared }, hold };
  } catch (error) {
    holding.then((hold) => hold.release(false)).catch(() => undefined);
    throw error;
  }
};
