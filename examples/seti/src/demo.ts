import { UsageError, follow, openTabs, startCoordinatorProcess } from '@gossamer/harness';
import { Gossamer } from '@gossamer/sdk/node';
import { DataError } from './data-error.ts';
import { openObservation } from './demo/observation.ts';
import type { DemoOptions } from './demo/options.ts';
import { readOptions, USAGE } from './demo/options.ts';
import type { SearchOutcome } from './demo/search.ts';
import { gatherHits, submitSearch } from './demo/search.ts';
import type { Hit } from './drift-path.ts';
import { planBands } from './plan.ts';
import { matchTones, renderHits, renderReport } from './report.ts';

/** Hits that are printed of a real file, where there may be many. */
const PRINTED = 20;

const tell = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** Prints what was found; gives the part of the JSON that depends on what is known, and whether all is well. */
const report = (injected: Hit[] | null, hits: Hit[]) => {
  if (injected === null) {
    say(hits.length === 1 ? 'One hit:' : `${hits.length} hits, strongest first:`);
    say(renderHits(hits.slice(0, PRINTED)));
    if (hits.length > PRINTED) say(`(${hits.length - PRINTED} more)`);
    return { ok: true, injected: null, found: null, falseHits: null };
  }
  const outcome = matchTones(injected, hits);
  say(renderReport(outcome));
  const { found, missed, falseHits } = outcome;
  say(`${found.length} of ${injected.length} tones found, ${falseHits.length} false hits`);
  const ok = missed.length === 0 && falseHits.length === 0;
  return { ok, injected: injected.length, found: found.length, falseHits: falseHits.length };
};

const search = async (
  options: DemoOptions,
): Promise<{ outcome: SearchOutcome; injected: Hit[] | null; seconds: number }> => {
  const observation = await openObservation(options);
  tell(observation.description);
  const { rows, columns, injected } = observation;
  const plan = planBands({ rows, columns, maxDrift: options.maxDrift ?? undefined });
  const coordinator = await startCoordinatorProcess('Gossamer demo');
  try {
    tell(`Coordinator at ${coordinator.url}; ${plan.bands} bands of ${plan.width} channels, quorum 2.`);
    const grid = new Gossamer({ url: coordinator.url, apiKey: coordinator.submitterKey });
    const job = await submitSearch(grid, observation, plan, options.threshold);
    const startedAt = Date.now();
    const tabs = await openTabs(coordinator.url, options.tabs);
    try {
      tell(`${options.tabs} headless tabs of Chromium ${tabs.version} compute, each in a cage of its own.`);
      await follow(job);
      const outcome = await gatherHits(job);
      return { outcome, injected, seconds: (Date.now() - startedAt) / 1000 };
    } finally {
      await tabs.close();
    }
  } finally {
    await coordinator.close();
  }
};

const run = async (): Promise<void> => {
  const options = readOptions(process.argv.slice(2));
  const { outcome, injected, seconds } = await search(options);
  const { hits, units, validated, attempts } = outcome;
  const { ok, ...known } = report(injected, hits);
  say(
    `${validated} of ${units} units verified by ${attempts} attempts in ${options.tabs} tabs, ${seconds.toFixed(1)} s`,
  );
  if (options.json) {
    const rounded = Math.round(seconds * 100) / 100;
    say(JSON.stringify({ units, validated, attempts, tabs: options.tabs, seconds: rounded, hits, ...known }));
  }
  if (!ok || validated !== units) process.exitCode = 1;
};

run().catch((error: unknown) => {
  if (error instanceof UsageError) tell(`${error.message}\n\n${USAGE}`);
  else if (error instanceof DataError) tell(`${error.code}: ${error.message}`);
  else tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
