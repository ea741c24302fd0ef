export type { Config } from './config.ts';
export { readConfig, redacted } from './config.ts';
export type { RunningCoordinator } from './start.ts';
export { startCoordinator } from './start.ts';
