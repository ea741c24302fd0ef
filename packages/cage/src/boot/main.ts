import { leftovers, scrub } from './scrub.ts';
import { start } from './start.ts';

start(self, { scrub, leftovers });
