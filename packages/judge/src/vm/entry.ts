import { parentPort, workerData } from 'node:worker_threads';
import type { JudgeLimits } from '../limits.ts';
import { type Call, type Said, failure } from '../messages.ts';
import { Engine } from './engine.ts';
import { prepareEngine } from './instance.ts';
import { stopClock } from './stop-clock.ts';

/** The entry of the judge's thread. Whoever started it sends a call only when the one before was answered. */
const port = parentPort!;
const limits = workerData as JudgeLimits;
const say = (said: Said): void => port.postMessage(said);

stopClock();
const engine = new Engine(await prepareEngine(limits.memoryBytes), limits);
port.on('message', (call: Call) => {
  engine.run(call).then(say, (error: unknown) => say(failure('crashed', `the judge broke: ${String(error)}`)));
});
say({ kind: 'ready' });
