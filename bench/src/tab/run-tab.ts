import { loadavg } from 'node:os';
import type { TimesFound } from '../check/lease-times.ts';
import { leaseTimes } from '../check/lease-times.ts';
import { Coordinator } from '../coordinator/coordinator.ts';
import { wait } from '../measure/wait.ts';
import { launch, lendTab } from './browser.ts';
import { DelayProxy } from './delay-proxy.ts';
import { PROGRAM } from './loop.ts';
import type { Timed } from './plain-worker.ts';
import { calibrate, openPlainWorker } from './plain-worker.ts';

/** Time for a lease that is under way at the end of the measurement to end too, ms, beside some units. */
const LAST_LEASE_MS = 4000;

export interface TabOptions {
  unitMs: number;
  rttMs: number;
  slots: number;
  warmUpMs: number;
  seconds: number;
  /** A plain worker runs the same steps again and again meanwhile, to be compared under the same load. */
  beside: boolean;
  execArgv: readonly string[];
}

export interface TabRun extends TimesFound {
  /** The window that was measured, ms by the clock of this machine. */
  from: number;
  to: number;
  /** Steps of a unit, and those that a plain worker does in one ms. */
  steps: number;
  stepsPerMs: number;
  /** Runs of the same steps in a plain worker at the same time. */
  plain: Timed[];
  browser: string;
  /** Threads that wanted a core meanwhile, the browser's own among them. */
  loadAverage: number;
}

/** A real tab that lends `slots` slots to a real coordinator over a long way, for units of about `unitMs` each. */
export const runTab = async (options: TabOptions): Promise<TabRun> => {
  const { unitMs, rttMs, slots, warmUpMs, seconds, beside, execArgv } = options;
  const proxy = await DelayProxy.listen(rttMs);
  const url = `http://localhost:${proxy.port}`;
  const settings = {
    GOSSAMER_PAGES: '1',
    GOSSAMER_PUBLIC_URL: url,
    GOSSAMER_CAGE_ORIGIN: `http://*.cage.localhost:${proxy.port}`,
  };
  const coordinator = await Coordinator.start({ settings, execArgv });
  proxy.target = coordinator.port;
  const browser = await launch();
  try {
    const worker = await openPlainWorker(browser);
    const stepsPerMs = await calibrate(worker);
    const steps = Math.round(stepsPerMs * unitMs);
    const [, value] = await worker.loop(steps);
    const { sha256 } = await coordinator.grid.upload({ code: PROGRAM });
    const wallMs = warmUpMs + seconds * 1000 + LAST_LEASE_MS + 3 * unitMs;
    // Twice as many as can be done, and more, so that the end of the job is out of sight.
    const units = Math.ceil((2 * slots * wallMs) / unitMs) + 10_000;
    await coordinator.grid.jobs.create({
      name: 'a loop',
      program: sha256,
      source: { kind: 'range', start: 0, stop: units },
      params: { steps },
      policy: { kind: 'trusted' },
    });
    const page = await lendTab(browser, url, slots);
    await wait(warmUpMs);
    const from = Date.now();
    const plain: Timed[] = [];
    while (beside && Date.now() < from + seconds * 1000) plain.push(await worker.loop(steps));
    await wait(from + seconds * 1000 - Date.now());
    const to = Date.now();
    const loadAverage = loadavg()[0]!;
    await wait(LAST_LEASE_MS + 3 * unitMs);
    await page.context().close();
    await worker.close();
    await coordinator.end('SIGTERM');
    const found = await leaseTimes(coordinator.data, 1, String(value));
    return { ...found, from, to, steps, stepsPerMs, plain, browser: browser.version(), loadAverage };
  } finally {
    await browser.close();
    await coordinator.remove();
    proxy.close();
  }
};
