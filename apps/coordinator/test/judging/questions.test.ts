import type { JudgementRequest } from '@gossamer/core';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Judgements } from '../../src/judging/judgements.ts';
import type { Verdicts } from '../../src/judging/verdicts.ts';
import { eventually } from '../harness/grid.ts';
import { openWorld } from '../runtime/world.ts';

const question = (job: number, unit: number): JudgementRequest => ({ kind: 'check', job, unit, candidate: 0 });

/** Judgements whose verdicts are those of `answer`; nothing is asked of the scheduler by them. */
const judging = async (answer: Verdicts['answer']) => {
  const { runtime } = await openWorld();
  const verdicts = { answer, close: async () => {} } as unknown as Verdicts;
  return new Judgements(runtime, verdicts, pino({ level: 'silent' }));
};

test('JG1: a question that cannot be answered now is tried again until it can', async () => {
  const tries: number[] = [];
  const judgements = await judging(async (_, tried) => {
    tries.push(tried);
    if (tried < 2) throw new Error('the disk does not answer');
    return 'yes';
  });
  judgements.put(question(1, 0));
  await eventually(() => expect(tries).toEqual([0, 1, 2]));
  await judgements.close();
});

test('JG2: a job whose program is slow delays no other', async () => {
  const asked: number[] = [];
  const release: (() => void)[] = [];
  const judgements = await judging(async ({ job }) => {
    asked.push(job);
    if (job === 1) await new Promise<void>((resolve) => release.push(resolve));
    return null;
  });
  for (let unit = 0; unit < 100; unit++) judgements.put(question(1, unit));
  for (let unit = 0; unit < 100; unit++) judgements.put(question(2, unit));
  await eventually(() => expect(asked.filter((job) => job === 2)).toHaveLength(100));
  expect(asked.filter((job) => job === 1).length).toBeLessThan(10);
  await eventually(() => {
    for (const go of release.splice(0)) go();
    expect(asked).toHaveLength(200);
  });
  await judgements.close();
});

test('JG3: once closed nothing is asked, and what was to be tried again is not', async () => {
  let asked = 0;
  const judgements = await judging(async () => {
    asked += 1;
    throw new Error('the disk does not answer');
  });
  judgements.put(question(1, 0));
  await eventually(() => expect(asked).toBeGreaterThan(0));
  await judgements.close();
  const before = asked;
  judgements.put(question(1, 1));
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(asked).toBe(before);
});
