import { z } from 'zod';

/**
 * What a job, or a unit of it, waits for: `release` (it is held), `inputs` (of a stream), `volunteer` (nobody is connected),
 * `able-device` (no connected one may take it), `independent-device` (each that is connected took part already, or is kin),
 * `turn` (others come first), `slot` (one that is free), `program` (its `equals` or `check`), `checks` (of the devices whose word
 * it stands on), `return` (a device of before the coordinator's start may have it).
 */
export const WaitingKind = z.enum([
  'release',
  'inputs',
  'volunteer',
  'able-device',
  'independent-device',
  'turn',
  'slot',
  'program',
  'checks',
  'return',
]);
export type WaitingKind = z.infer<typeof WaitingKind>;

/** The same as the sentence `waiting`, for programs. */
export const WaitingFor = z.strictObject({
  kind: WaitingKind,
  /** Kinships that keep connected devices from it, and that the job may allow (`independence`); empty but for `independent-device`. */
  kinships: z.array(z.enum(['prefix', 'volunteer', 'device'])),
});
export type WaitingFor = z.infer<typeof WaitingFor>;
