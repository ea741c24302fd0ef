import type { Expectation, ProgramCase } from '../case.ts';
import type { Ended, UnitEnd } from './submit.ts';

/** What the product tells a submitter of a lease that ended so. */
const TOLD = {
  overran: /deadline/,
  flooded: /more messages/,
  crashed: /died/,
} as const;

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const meets = (expect: Expectation, end: UnitEnd): boolean => {
  if ('holds' in expect) return true;
  if ('value' in expect) return isSame(end.output, expect.value);
  if ('bytes' in expect) return end.bytes === Buffer.from(expect.bytes).toString('base64');
  if (end.error === undefined) return false;
  if ('error' in expect) {
    return end.failure?.phase === expect.error && expect.says?.test(end.failure.message) !== false;
  }
  return expect.end in TOLD && TOLD[expect.end as keyof typeof TOLD].test(end.error);
};

/** What is wrong of how a case's job ended. A program whose refusal is expected must not get to a tab. */
export const judgeEnd = ({ expect, asJob = expect }: ProgramCase, ended: Ended): string[] => {
  if (ended.kind === 'stuck') return [`its job never ended (${ended.state})`];
  if (ended.kind === 'refused') {
    const isRight = 'refused' in asJob && ended.code === asJob.refused && asJob.says.test(ended.detail);
    return isRight ? [] : [`the coordinator refused it: ${ended.code}: ${ended.detail}`];
  }
  if ('refused' in asJob) return [`the coordinator took it, and had to refuse it: ${asJob.refused}`];
  return ended.units
    .filter((end) => end === null || !meets(asJob, end))
    .map((end) => `a unit ended with ${JSON.stringify(end)?.slice(0, 600)}`);
};
