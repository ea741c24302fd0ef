import type { CoordinatorKeys, SigningKey } from '@gossamer/protocol';
import { encodeSuccession } from './encode.ts';
import type { Verify } from './ed25519.ts';

/** Successors that are followed: more is no chain of a living grid. */
const MOST = 1000;

/**
 * Whether `wanted` follows from `known` by rotation statements, each signed by the key before it. A key from before
 * `known` does not: it was replaced for some reason.
 */
export const followsFrom = async (
  known: SigningKey,
  wanted: SigningKey,
  chain: CoordinatorKeys['chain'],
  verify: Verify,
): Promise<boolean> => {
  let key = known;
  for (let steps = 0; key !== wanted && steps < MOST; steps++) {
    const next = chain.find(({ from }) => from === key);
    if (next === undefined || !(await verify(key, encodeSuccession(next), next.signature))) return false;
    key = next.to;
  }
  return key === wanted;
};
