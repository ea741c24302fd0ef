import type { Browser } from 'playwright-core';
import { PLAIN_WORKER } from './loop.ts';

/** One timed loop: how long it took in the worker, ms, and what it came to. */
export type Timed = [ms: number, value: number];

/** A plain worker of a plain page, to compare the cage with. */
export interface PlainWorker {
  loop(steps: number): Promise<Timed>;
  close(): Promise<void>;
}

export const openPlainWorker = async (browser: Browser): Promise<PlainWorker> => {
  const context = await browser.newContext();
  const page = await context.newPage();
  // Texts, not functions: this side has no types of a page.
  await page.evaluate(`{
    const worker = new Worker(URL.createObjectURL(new Blob([${JSON.stringify(PLAIN_WORKER)}])));
    globalThis.loop = (steps) => new Promise((resolve) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.postMessage(steps);
    });
  }`);
  return {
    loop: (steps) => page.evaluate(`loop(${steps})`),
    close: () => context.close(),
  };
};

/** Steps that one run takes some 20 ms for, to begin with. */
const FIRST_STEPS = 5_000_000;
const RUNS = 10;
const RUN_MS = 200;

/** Steps that the worker does in one ms when nothing else wants its core: the best of some runs, once compiled. */
export const calibrate = async (worker: PlainWorker): Promise<number> => {
  let best = 0;
  for (let run = 0; run < RUNS; run++) {
    const steps = run < 3 ? FIRST_STEPS : Math.round(best * RUN_MS);
    const [ms] = await worker.loop(steps);
    best = Math.max(best, steps / ms);
  }
  return best;
};
