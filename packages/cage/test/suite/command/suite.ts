import { openBrowser } from '../browsers/open.ts';
import { frameCases, programCases } from '../cases/index.ts';
import { startAttacker } from '../harness/attacker.ts';
import { requireReachable } from '../harness/control.ts';
import { runThroughProduct } from '../product/run.ts';
import { browserOf, COMMON, mutationOf, parse, placesOf } from './options.ts';
import type { CaseReport, Judged, SuiteReport } from './report.ts';
import { caseLines, caseReport, strayHits } from './report.ts';
import type { WallCases } from './walls.ts';
import { runBehindWalls } from './walls.ts';

const USAGE = `npm run test:cage -- [--json] [--browser chromium|firefox] [--without scrub,csp,allowlist|all] [--only TEXT]
    [--on suite|product] [--or-skip]

Runs every hostile and honest program, and every frame that was taken over, behind the cage's walls: on a page of the
suite's own, and once more as jobs of a real coordinator in the volunteers' page; with --on, in one of the two. With --without, walls are taken away
(from the coordinator's answers, by a proxy), and the cases that notice are the point. With --or-skip a browser that
cannot be had here is no failure. With --json the last line is one object.
`;

/** How long the last hits are waited for, ms. */
const LAST_MS = 500;

const ALL: WallCases = { programs: programCases, frames: frameCases };

/** `npm run test:cage`: gives the exit code. */
export const suite = async (
  args: string[],
  write: (text: string) => void,
  { programs, frames }: WallCases = ALL,
): Promise<number> => {
  const { values } = parse({
    args,
    options: {
      ...COMMON,
      only: { type: 'string', default: '' },
      on: { type: 'string', default: 'all' },
      'or-skip': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    write(USAGE);
    return 0;
  }
  const mutation = mutationOf(values.without);
  const without = Object.keys(mutation);
  const places = placesOf(values.on);
  const isChosen = ({ name, family }: { name: string; family: string }): boolean =>
    `${family}: ${name}`.includes(values.only);
  const cases: CaseReport[] = [];
  const tell = (judged: Judged): void => {
    const report = caseReport(judged);
    cases.push(report);
    if (values.json) return;
    write(caseLines(report));
  };

  const name = browserOf(values.browser);
  const browser = await openBrowser(name).catch((error: Error) => {
    if (values['or-skip'] && error.name === 'SetupError') return error;
    throw error;
  });
  if (browser instanceof Error) {
    write(`${name} cannot be had here: ${browser.message}\n0 passed, 0 failed, 1 skipped\n`);
    return 0;
  }
  const attacker = await startAttacker(browser.lookups);
  try {
    await requireReachable(browser);
    const chosen = { programs: programs.filter(isChosen), frames: frames.filter(isChosen) };
    if (places.suite) await runBehindWalls(browser, attacker, chosen, mutation, tell);
    if (places.product) await runThroughProduct(browser, attacker, chosen, mutation, tell);
    await new Promise((resolve) => setTimeout(resolve, LAST_MS));
    // Logs of look-ups lag: when those of this page are in them, so are all before.
    await requireReachable(browser);
    strayHits(attacker.hits(), cases).forEach(tell);
  } finally {
    await browser.close();
    await attacker.close();
  }
  const count = (wanted: CaseReport['outcome']): number => cases.filter(({ outcome }) => outcome === wanted).length;
  const [passed, failed, open] = [count('passed'), count('failed'), count('open')];
  const report: SuiteReport = {
    browser: browser.name,
    version: browser.version,
    without,
    passed,
    failed,
    open,
    attackerHits: attacker.hits(),
    cases,
  };
  if (values.json) write(`${JSON.stringify(report)}\n`);
  else {
    write(`\n${browser.name} ${browser.version}: the attacker was reached ${report.attackerHits} times\n`);
    if (open > 0) write(`${open} open in this browser (docs/security.md)\n`);
    // Once more at the end: who reads only the last lines of a long log must see what failed.
    for (const one of cases) if (one.outcome === 'failed') write(caseLines(one));
    write(`${passed} passed, ${failed} failed\n`);
  }
  return failed === 0 && passed > 0 ? 0 : 1;
};
