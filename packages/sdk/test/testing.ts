export { FakeCoordinator } from './fake-coordinator.ts';
export type { FakeJob } from './fake-jobs.ts';
export { until } from './until.ts';
