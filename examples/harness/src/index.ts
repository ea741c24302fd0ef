export type { CoordinatorProcess } from './coordinator-process.ts';
export { startCoordinatorProcess } from './coordinator-process.ts';
export type { Example, Outcome, Report, Stage } from './example.ts';
export { runExample } from './example.ts';
export type { Flag, FlagValues, Flags } from './flags.ts';
export { UsageError, integer, path, readFlags, usageOf, wholeNumber } from './flags.ts';
export { follow } from './follow.ts';
export type { Tabs } from './tabs.ts';
export { openTabs } from './tabs.ts';
