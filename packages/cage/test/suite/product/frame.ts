import type { AttackerUrls } from '../harness/attacker.ts';
import type { OpenedPage } from '../harness/page.ts';
import type { FrameCase } from '../case.ts';
import type { Stage } from './stage.ts';
import { holds, honest, pause } from './stage.ts';
import { cancelJob, offerCase } from './submit.ts';

const BEGIN_MS = 30_000;
const LOOK_MS = 50;
/** Hits need a moment to arrive, ms. */
const SETTLE_MS = 100;

/** Tells the page, before it does anything else, that it runs: a script that was never run would prove nothing. */
const scriptOf = ({ script }: FrameCase, urls: AttackerUrls, token: string): string =>
  `parent.postMessage('${token}', '*'); const U = ${JSON.stringify(urls)}; ${script}`;

/** Has the page remember that a frame said `token`, and what it said that it got. */
const listenFor = (page: OpenedPage, token: string): Promise<number> =>
  page.evaluate(`(() => {
    globalThis.begun ??= new Set();
    globalThis.got ??= [];
    addEventListener('message', ({ data }) => {
      if (data === '${token}') globalThis.begun.add(data);
      if (typeof data?.got === 'string') globalThis.got.push(data.got);
    });
    return globalThis.begun.size;
  })()`);

let last = 0;

/**
 * Leaves a cage whose own script is the attacker's in the volunteers' page for a while, behind the headers with which
 * the coordinator serves it: a job is offered for which the page opens it. Says all that is wrong.
 */
export const judgeTakenFrame = async (stage: Stage, one: FrameCase, ms = 700): Promise<string[]> => {
  const { attacker, coordinator, proxy, page } = stage;
  attacker.take();
  const token = `taken-over-${++last}`;
  const hasBegun = (): Promise<boolean> => page.evaluate(`globalThis.begun.has('${token}')`);
  await listenFor(page, token);
  proxy.takeOver(scriptOf(one, attacker.urls, token));
  const wrong: string[] = [];
  const job = await offerCase(coordinator, honest, null);
  if (typeof job !== 'string') return [`the coordinator refused an honest program: ${job.code}`];
  const deadline = performance.now() + BEGIN_MS;
  while (!(await hasBegun()) && performance.now() < deadline) await pause(LOOK_MS);
  if (!(await hasBegun())) wrong.push('no frame of the page ran the script');
  await pause(ms);
  proxy.takeOver(null);
  await cancelJob(coordinator, job, 'its cage was taken over');
  const got = await page.evaluate<string[]>('globalThis.got.splice(0)');
  for (const thing of new Set(got)) wrong.push(`the frame got ${thing}`);
  if ((await page.evaluate('location.pathname')) !== '/') wrong.push('the page was navigated');
  return [...wrong, ...(await holds(stage, SETTLE_MS))];
};
