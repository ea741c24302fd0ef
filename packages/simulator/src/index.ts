export type { JobPlan, SimJob } from './grid/sim-job.ts';
export { World } from './world/world.ts';
