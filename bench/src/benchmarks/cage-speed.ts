import { benchmark } from '../cli/benchmark.ts';
import { round } from '../measure/round.ts';
import { runTab } from '../tab/run-tab.ts';

const WARM_UP_MS = 6000;

/** The fastest quarter's mean: on a shared machine slowness comes from others, and one lucky run is none. */
const fast = (times: readonly number[]): number => {
  const sorted = times.toSorted((a, b) => a - b);
  const quarter = sorted.slice(0, Math.max(1, Math.ceil(sorted.length / 4)));
  return quarter.reduce((sum, ms) => sum + ms, 0) / quarter.length;
};

/** What the cage costs a program's own speed. */
export const cageSpeed = benchmark({
  name: 'cage-speed',
  about: "a program's speed in the cage of a real tab, next to the same code in a plain worker at the same time",
  options: {
    unit: { about: 'computation of one unit, ms', value: 300, least: 10, most: 10_000 },
    seconds: { about: 'time in the cage', value: 20, least: 5, most: 600 },
  },
  async run({ unit, seconds }, { execArgv }) {
    const run = await runTab({
      unitMs: unit,
      rttMs: 0,
      slots: 1,
      warmUpMs: WARM_UP_MS,
      seconds,
      beside: true,
      execArgv,
    });
    const inside = run.runs.filter(({ at }) => at > run.from + unit && at <= run.to).map(({ ms }) => ms);
    const cageMs = fast(inside);
    const plainMs = fast(run.plain.map(([ms]) => ms));
    return {
      speed: Number((plainMs / cageMs).toFixed(4)),
      cageMs: round(cageMs),
      plainMs: round(plainMs),
      units: inside.length,
      plainRuns: run.plain.length,
      loadAverage: round(run.loadAverage),
      browser: `Chromium ${run.browser}`,
      checked: inside.length > 0 && run.plain.length > 0 && run.wrong === 0 && run.twice === 0,
    };
  },
  reported: [{}],
  columns: [
    ['speed', 'speed in the cage, plain worker = 1'],
    ['cageMs', 'cage, ms'],
    ['plainMs', 'plain worker, ms'],
    ['units', 'units'],
    ['loadAverage', 'load average'],
    ['browser', 'browser'],
  ],
});
