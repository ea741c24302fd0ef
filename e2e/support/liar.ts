import { answer } from './answers.ts';
import type { ScriptedDevice } from './device.ts';

/** Takes leases and returns the same wrong answer, of the right shape, until it has lied about so many units. */
export const lieAbout = (device: ScriptedDevice, count: number): Promise<number[]> =>
  answer(device, count, () => ({ square: -1, spun: true }));
