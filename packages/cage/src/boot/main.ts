import { leftovers, scrub } from './scrub.ts';
import { start } from './start.ts';

start(self as unknown as DedicatedWorkerGlobalScope, { scrub, leftovers });
