import { expect, test } from 'vitest';
import { always } from '../src/population/liars.ts';
import type { World } from '../src/world/world.ts';
import { compute, smallWorld } from './worlds.ts';

const QUORUM = { kind: 'quorum', quorum: 2 } as const;

const storyOf = ({ world, job }: { world: World; job: { log: Uint8Array[] | null } }): string =>
  JSON.stringify([world.now, world.events, job.log!.map((segment) => Buffer.from(segment).toString('base64'))]);

test('SM11: the same seed gives the same story, fact by fact; another seed another one', () => {
  const plan = smallWorld({ saboteurs: 0.1, liar: always() }, { checkEveryStep: false });
  const first = storyOf(compute(plan, 5, QUORUM));
  expect(storyOf(compute(plan, 5, QUORUM))).toBe(first);
  expect(storyOf(compute(plan, 6, QUORUM))).not.toBe(first);
});

test('SM12: a job comes to its end, with all invariants after every step and an identical replay', () => {
  const { job } = compute(smallWorld(), 7, QUORUM);
  expect(job.completedAt).not.toBeNull();
  expect(job.truth.validated).toBe(200);
  expect(job.truth.returned).toBeGreaterThanOrEqual(400);
  expect(job.truth.wrongWhenFinal).toBe(0);
});

test.each([1, 2, 3, 4, 5, 6])(
  'SM12: so it does where much is lost, frozen and reloaded, and devices have three slots (seed %i)',
  (seed) => {
    const plan = smallWorld(
      { present: 10, visit: { medianMs: 60_000, sigma: 1 }, saboteurs: 0.2, liar: always() },
      {
        slots: 3,
        loss: 0.05,
        freezeEveryMs: 30_000,
        freeze: { medianMs: 20_000, sigma: 1 },
        reloadEveryMs: 60_000,
        reload: { medianMs: 8000, sigma: 1 },
      },
    );
    const { job } = compute(plan, seed, QUORUM, { units: 150, unitMs: 2000 });
    expect(job.truth.validated).toBe(150);
    expect(job.truth.lost).toBeGreaterThan(0);
    expect(job.truth.wrongWhenFinal).toBe(0);
  },
);

test('SM13: what a tab computes takes its time: run times follow its speed and the work of a unit', () => {
  const { world, job } = compute(smallWorld({}, { freezeEveryMs: 1e12 }), 9, { kind: 'trusted' });
  const { attempts } = job.job;
  let expected = 0;
  for (let at = 0; at < attempts.length; at++) {
    expected += Math.round(3000 / world.tabOfDevice[attempts.device[at]!]!.person.speed);
  }
  expect(job.truth.runMs).toBe(expected);
});
