export type {
  CageData,
  CageEnd,
  CageError,
  CageEvents,
  CageFrame,
  CageLease,
  CageProgram,
  CageRun,
  CageUnit,
  StagedLease,
} from '../api.ts';
export { admitProgram, modulePartsOf } from './admit.ts';
export type { FrameOptions } from './frame.ts';
export { connectFrame } from './frame.ts';
