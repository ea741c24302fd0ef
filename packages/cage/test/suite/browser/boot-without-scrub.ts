import { start } from '../../../src/boot/start.ts';

// The mutant of the gate: the boot as it is, but the global keeps all that the browser gives it.
start(self as unknown as DedicatedWorkerGlobalScope, { scrub: () => {}, leftovers: () => [] });
