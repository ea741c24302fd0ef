import { cancelJob, holdJob, jobState, relaxJob, releaseJob, retryJob, unitRow } from '../../src/index.ts';
import { done } from '../grid.ts';
import { checkIndependence, checkLevel, checkResults } from './checks.ts';
import { judge, judgeAll } from './judge.ts';
import { must } from './must.ts';
import { truth } from './tab.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

const STEPS = 120;
const MOST_HELPERS = 12;
const WHY = /^(The program failed|No (\d )?results agree|No result passes the check)/;

const order = ({ grid, chance, jobs }: World): void => {
  const job = grid.of(chance.pick(jobs));
  const { failed } = job.counts;
  // Not by chance: what else happens in the stories of seeds that are known is to stay.
  if (failed > 0 && jobState(job) !== 'cancelled') {
    const retried = grid.run((effects) => retryJob(grid.scheduler, job, grid.now, effects));
    must(retried === failed && job.counts.failed === 0, 'all that failed is open again', [retried, failed]);
  }
  if (jobState(job) !== 'running' && jobState(job) !== 'held') return;
  grid.run((effects) => {
    const what = chance.below(5);
    if (what === 0) holdJob(job, 'a look at it', grid.now, effects);
    else if (what === 1 && chance.happens(0.3))
      relaxJob(job, { [chance.pick(['volunteer', 'prefix'])]: false }, grid.now, effects);
    else if (what === 2 && chance.happens(0.05)) cancelJob(grid.scheduler, job, 'no more', grid.now, effects);
    else releaseJob(job, '', grid.now, effects);
  });
};

const serve = ({ grid, tabs }: World): void => {
  for (const { session, given } of grid.serve()) tabs.find((tab) => tab.session === session)!.receive(given);
};

const restart = (world: World): void => {
  world.grid.restart();
  world.questions.length = 0;
  for (const tab of world.tabs) tab.drop();
};

/** Some of what is still to come comes, or all of it was there and the inputs are closed. */
const feed = ({ grid, chance, toCome }: World, all = false): void => {
  for (const [number, left] of toCome) {
    const job = grid.scheduler.jobs.get(number)!;
    if (jobState(job) === 'cancelled') {
      toCome.delete(number);
    } else if (left === 0) {
      grid.closeInputs(job);
      toCome.delete(number);
    } else {
      const count = all ? left : chance.between(1, left);
      grid.append(job, count);
      toCome.set(number, left - count);
    }
  }
};

const step = (world: World): void => {
  const { grid, chance, tabs } = world;
  const tab = chance.pick(tabs);
  const dice = chance.below(100);
  if (dice < 50) {
    if (tab.session === null) tab.open();
    tab.compute();
    tab.exchange();
  } else if (dice < 60) grid.pass(chance.below(9000));
  else if (dice < 68) serve(world);
  else if (dice < 74) tab.close();
  else if (dice < 79) tab.open();
  else if (dice < 84) judge(world);
  else if (dice < 89) order(world);
  else if (dice < 93) tab.forge();
  else if (dice < 95) restart(world);
  else if (dice < 97) {
    if (tab.session === null) return;
    tab.crash();
    world.questions.length = 0;
    for (const other of tabs) other.drop();
  } else checkLevel(world);
};

/**
 * Bad devices leave; willing, honest, independent ones come, more where odds want more: everything comes to an end.
 */
const finish = (world: World): void => {
  const { grid, jobs, tabs } = world;
  for (const tab of tabs) tab.close();
  while (world.toCome.size > 0) feed(world, true);
  for (const job of jobs)
    if (jobState(grid.of(job)) === 'held') grid.run((effects) => releaseJob(grid.of(job), '', grid.now, effects));
  // What the judge never answered is asked again.
  restart(world);
  grid.pass(60_000);
  const helpers = [1001, 1002, 1003, 1004].map((number) => grid.join(number));
  const isOver = () => jobs.every((job) => ['completed', 'cancelled'].includes(jobState(grid.of(job))));
  for (let round = 0, idle = 0; idle < 3; round++) {
    must(round < 500, 'everything comes to an end');
    judgeAll(world);
    if (idle > 0) grid.pass(1000);
    idle += 1;
    if (idle === 2 && helpers.length < MOST_HELPERS && !isOver()) helpers.push(grid.join(1001 + helpers.length));
    for (const session of helpers) {
      const lease = grid.take(session);
      if (lease === undefined) continue;
      idle = 0;
      for (const [offset, unit] of lease.units.entries()) {
        grid.send(session, done(lease, truth(lease.job, unit), { offsets: [offset], runMs: 300 }));
      }
    }
  }
};

const checkEnd = (world: World): void => {
  const { grid, jobs } = world;
  for (const job of jobs.map((known) => grid.of(known))) {
    must(job.leased === 0, 'nothing stays leased', job.leased);
    if (jobState(job) === 'cancelled') continue;
    must(jobState(job) === 'completed' && job.ready.size === 0, 'the job completes', [jobState(job), job.ready.size]);
    for (let unit = 0; unit < job.total; unit++) {
      const { state, reason } = unitRow(grid.scheduler, job, unit);
      const hasFailed = state === 'failed' && WHY.test(reason ?? '');
      must(hasFailed || state === 'validated', 'a unit is validated, or has failed for a reason', [state, reason]);
    }
    const { validated, failed } = job.counts;
    must(validated + failed === job.total, 'each unit is counted', [validated, failed]);
    for (const { waiting } of job.accounts.values()) must(waiting === 0, 'nothing waits', waiting);
  }
};

/**
 * One story: devices of every kind work for some jobs, to some of which (`streams`) inputs come meanwhile; then everything must
 * hold. Throws what does not.
 */
export const simulate = (seed: number, steps = STEPS, streams = false): World => {
  const world = createWorld(seed, streams);
  const results = new Map<string, string>();
  for (let at = 0; at < steps; at++) {
    step(world);
    if (world.toCome.size > 0 && world.chance.happens(0.1)) feed(world);
    if (at % 10 === 0) checkResults(world, results);
  }
  checkLevel(world);
  finish(world);
  restart(world);
  judgeAll(world);
  checkResults(world, results);
  checkIndependence(world);
  checkEnd(world);
  return world;
};
