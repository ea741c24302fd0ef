import { runTimeWithin } from '../check/lease-times.ts';
import { benchmark } from '../cli/benchmark.ts';
import { round } from '../measure/round.ts';
import { runTab } from '../tab/run-tab.ts';

/** For the page to load, the device to be measured and leases to grow, ms, beside some units. */
const WARM_UP_MS = 8000;

/** A share as it is, not in significant digits: what matters is what is missing to 1. */
const share = (value: number): number => Number(value.toFixed(4));

/** How much of its slots' time a real tab computes, when its coordinator is far away. */
export const efficiency = benchmark({
  name: 'efficiency',
  about: "the share of its slots' time that a tab in Chromium computes, over a long way to its coordinator",
  options: {
    unit: { about: 'computation of one unit, ms', value: 1000, least: 1, most: 60_000 },
    rtt: { about: 'added round trip, ms', value: 100, least: 0, most: 2000 },
    slots: { about: 'slots of the tab', value: 1, least: 1, most: 64 },
    seconds: { about: 'length of the measurement', value: 30, least: 5, most: 3600 },
  },
  async run({ unit, rtt, slots, seconds }, { execArgv }) {
    const warmUpMs = WARM_UP_MS + 3 * unit;
    const run = await runTab({ unitMs: unit, rttMs: rtt, slots, warmUpMs, seconds, beside: false, execArgv });
    const inside = run.leases.filter(({ endedAt }) => endedAt > run.from && endedAt <= run.to);
    const units = inside.reduce((sum, lease) => sum + lease.units, 0);
    const wallMs = slots * (run.to - run.from);
    return {
      efficiency: share(runTimeWithin(run.leases, run.from, run.to) / wallMs),
      // The same by what was computed, not by what the tab says: less by what other processes took of the cores.
      byWork: share((units * run.steps) / run.stepsPerMs / wallMs),
      unitMs: unit,
      rttMs: rtt,
      slots,
      seconds,
      units,
      leases: inside.length,
      unitsPerLease: round(units / inside.length),
      meanRunMs: round(run.runs.reduce((sum, { ms }) => sum + ms, 0) / run.runs.length),
      loadAverage: round(run.loadAverage),
      browser: `Chromium ${run.browser}`,
      checked: units > 0 && run.wrong === 0 && run.twice === 0,
    };
  },
  reported: [{}, { unit: 10 }],
  columns: [
    ['unitMs', 'unit, ms'],
    ['rttMs', 'added round trip, ms'],
    ['slots', 'slots'],
    ['unitsPerLease', 'units a lease'],
    ['efficiency', 'share of the time computing'],
    ['byWork', 'by steps done'],
    ['loadAverage', 'load average'],
    ['browser', 'browser'],
    ['checked', 'checked'],
  ],
});
