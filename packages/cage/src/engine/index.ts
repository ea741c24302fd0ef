export type { CageEnd, CageError, CageEvents, CageFrame, CageLease, CageRun, CageUnit, StagedLease } from '../api.ts';
export type { FrameOptions } from './frame.ts';
export { connectFrame } from './frame.ts';
