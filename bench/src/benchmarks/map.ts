import { range } from '@gossamer/sdk/node';
import { loadavg } from 'node:os';
import { benchmark } from '../cli/benchmark.ts';
import { Coordinator } from '../coordinator/coordinator.ts';
import { round } from '../measure/round.ts';
import { launch, lendTab } from '../tab/browser.ts';

/** Pando's pipe, as published: inputs a second on this kind of machine with two tabs, nothing stored or verified. */
const PANDO = 2300;
const PROGRAM = { code: 'export const run = (x) => x * 2;' };
/** Tabs are measured, and their workers warm, before the clock starts. */
const WARM_UP = 20_000;

/** Whether outputs are those of the inputs, each once. */
class Check {
  readonly #seen: Uint8Array;
  wrong = 0;

  constructor(inputs: number) {
    this.#seen = new Uint8Array(inputs);
  }

  take(unit: number, output: unknown): void {
    if (output !== unit * 2 || this.#seen[unit] === 1) this.wrong += 1;
    this.#seen[unit] = 1;
  }

  get isWhole(): boolean {
    return this.wrong === 0 && !this.#seen.includes(0);
  }
}

/** What a submitter sees of tiny inputs: from the call of `map` to the last result, through real tabs, all of it on disk. */
export const map = benchmark({
  name: 'map',
  about: 'inputs a second that `grid.map` brings back of tiny ones, through real tabs',
  options: {
    inputs: { about: 'inputs', value: 100_000, least: 1000, most: 10_000_000 },
    tabs: { about: 'tabs, a slot each', value: 2, least: 1, most: 16 },
    quorum: { about: 'results that must agree', value: 1, least: 1, most: 3 },
  },
  async run({ inputs, tabs, quorum }, { say, execArgv }) {
    const coordinator = await Coordinator.start({ settings: { GOSSAMER_PAGES: '1' }, execArgv });
    const browser = await launch();
    try {
      const url = `http://localhost:${coordinator.port}`;
      for (let tab = 0; tab < tabs; tab++) await lendTab(browser, url, 1);
      const warm = await coordinator.grid.map(range(0, WARM_UP), PROGRAM, { quorum });
      await warm.done();
      say('the tabs are warm');
      const check = new Check(inputs);
      const began = performance.now();
      const job = await coordinator.grid.map(range(0, inputs), PROGRAM, { quorum });
      for await (const { unit, output } of job.results()) check.take(unit, output);
      const seconds = (performance.now() - began) / 1000;
      const rate = inputs / seconds;
      return {
        inputs,
        tabs,
        quorum,
        seconds: round(seconds),
        inputsPerSecond: round(rate),
        timesPando: round(rate / PANDO),
        loadAverage: round(loadavg()[0]!),
        browser: `Chromium ${browser.version()}`,
        checked: check.isWhole,
      };
    } finally {
      await browser.close();
      await coordinator.remove();
    }
  },
  reported: [{}, { quorum: 2 }, { inputs: 1_000_000 }],
  columns: [
    ['inputs', 'inputs'],
    ['tabs', 'tabs'],
    ['quorum', 'quorum'],
    ['inputsPerSecond', 'inputs a second'],
    ['timesPando', 'times Pando’s published pipe'],
    ['loadAverage', 'load average'],
    ['checked', 'checked'],
  ],
});
