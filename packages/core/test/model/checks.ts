import { durableBytes, kinship, unitRow } from '../../src/index.ts';
import { UNIT } from '../../src/job/units.ts';
import { reconcileJob } from '../../src/scheduler/reconcile-job.ts';
import { must } from './must.ts';
import { truth } from './tab.ts';
import type { World } from './world.ts';

/** Results by the attempt that returned them, as the log holds them. */
const resultsOf = (world: World, number: number): Map<string, string> => {
  const texts = new Map<string, string>();
  for (const fact of world.grid.facts(world.grid.scheduler.jobs.get(number)!)) {
    if (fact.kind !== 'returned') continue;
    for (const { offset, body } of fact.items) {
      texts.set(`${fact.epoch}.${fact.lease}.${offset}`, new TextDecoder().decode(body));
    }
  }
  return texts;
};

/** The canonical result of a unit, or null. */
const canonicalOf = (world: World, number: number, unit: number, texts: Map<string, string>): string | null => {
  const { attempts, units } = world.grid.scheduler.jobs.get(number)!;
  const at = units.state[unit] === UNIT.validated ? units.canonical[unit]! : -1;
  return at === -1 ? null : texts.get(`${attempts.epoch[at]}.${attempts.lease[at]}.${attempts.offset[at]}`)!;
};

/** A canonical result never changes; where honest results are in the majority it is right. */
export const checkResults = (world: World, before: Map<string, string>): void => {
  for (const job of world.grid.scheduler.jobs.values()) {
    const texts = resultsOf(world, job.number);
    for (let unit = 0; unit < job.units.length; unit++) {
      const text = canonicalOf(world, job.number, unit, texts);
      const key = `${job.number}/${unit}`;
      if (before.has(key)) must(text === before.get(key), `the result of ${key} stays`, [before.get(key), text]);
      if (text === null) continue;
      before.set(key, text);
      if (world.soundJobs.has(job.number)) must(text.trim() === truth(job.number, unit), `${key} is right`, text);
    }
  }
};

/** Results that count are of devices that are independent, as long as nobody has relaxed it. */
export const checkIndependence = (world: World): void => {
  const { scheduler } = world.grid;
  for (const job of scheduler.jobs.values()) {
    if (JSON.stringify(job.independence) !== JSON.stringify(job.spec.independence)) continue;
    for (let unit = 0; unit < job.units.length; unit++) {
      // A retry begins anew: who took part before it may take part again.
      const round = unitRow(scheduler, job, unit).attempts.slice(job.before.get(unit)?.attempts ?? 0);
      const counting = round.filter(({ state }) => state !== 'errored' && state !== 'leased');
      for (const [at, a] of counting.entries()) {
        for (const b of counting.slice(at + 1)) {
          const [one, other] = [scheduler.devices.get(a.device)!, scheduler.devices.get(b.device)!];
          must(kinship(one, other, job.independence) === null, 'those who agree are independent', [a, b]);
        }
      }
    }
  }
};

/** Looked at twice, nothing changes. */
export const checkLevel = (world: World): void => {
  const { grid } = world;
  for (const job of grid.scheduler.jobs.values()) {
    // Who is connected decides whether errors of one device are the program's: the first look may tell.
    grid.run((effects) => reconcileJob(grid.scheduler, job, grid.now, effects));
    const [facts, fresh, ready] = [grid.facts(job).length, job.fresh, job.ready.size];
    grid.run((effects) => reconcileJob(grid.scheduler, job, grid.now, effects));
    const [before, after] = [
      [facts, fresh, ready],
      [grid.facts(job).length, job.fresh, job.ready.size],
    ];
    must(before.join() === after.join(), 'a second look changes nothing', [before, after]);
    must(Buffer.compare(durableBytes(grid.replay(job)), durableBytes(job)) === 0, 'the log gives the same job');
  }
};
