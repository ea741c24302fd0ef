import type { ProgramKind, SignerPolicy, SignerView, Tier } from '@gossamer/protocol';
import type { Tone } from '../jobs/job-words.ts';
import { count, stamp } from '../words.ts';

export const TIER_WORDS: Record<Tier, string> = {
  public: 'Public: on every volunteer’s device',
  playground: 'Playground: only on devices that are set apart and opted in',
};

export const LANE_WORDS: Record<ProgramKind, string> = { js: 'JavaScript', wasm: 'WebAssembly' };

/** What a policy allows, in words; null: nothing was granted. */
export const policyWords = (policy: SignerPolicy | null): string => {
  if (policy === null) return 'nothing granted: as unsigned programs';
  const lanes = policy.lanes.map((lane) => LANE_WORDS[lane]).join(' and ');
  const { deadlineMs, resultBytes } = policy.limits;
  return `${lanes === '' ? 'no kind of program' : lanes}, ${count(deadlineMs / 1000)} s a unit, ${count(resultBytes)} bytes a result`;
};

/** How a signer stands. */
export const signerState = ({ revokedAt, successor, tier }: SignerView): { word: string; tone: Tone } => {
  if (revokedAt !== null) return { word: `revoked ${stamp(revokedAt)}`, tone: 'quiet' };
  if (successor !== null) return { word: 'succeeded by another key', tone: 'quiet' };
  return tier === null
    ? { word: 'runs nowhere', tone: 'warn' }
    : { word: tier, tone: tier === 'public' ? 'good' : 'warn' };
};
