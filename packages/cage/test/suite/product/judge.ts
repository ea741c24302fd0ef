import type { ProgramCase } from '../case.ts';
import type { Ended, UnitEnd } from './submit.ts';

/** What the product tells a submitter of a lease that ended so. */
const TOLD = {
  overran: /deadline/,
  flooded: /more messages/,
  crashed: /died/,
} as const;

/** Of what a submitter reads, the error's own phase and message: JSON follows the count of failures, unless it was cut. */
const errorIn = (error: string): { phase: string | undefined; message: string } => {
  try {
    return JSON.parse(error.slice(error.indexOf('{'))) as { phase: string; message: string };
  } catch {
    return { phase: /"phase":"(\w+)"/.exec(error)?.[1], message: error };
  }
};

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const meets = ({ expect }: ProgramCase, end: UnitEnd): boolean => {
  if ('value' in expect) return isSame(end.output, expect.value);
  if ('bytes' in expect) return end.bytes === Buffer.from(expect.bytes).toString('base64');
  if (end.error === undefined) return false;
  if ('error' in expect) {
    const { phase, message } = errorIn(end.error);
    return phase === expect.error && expect.says?.test(message) !== false;
  }
  if ('end' in expect) return expect.end in TOLD && TOLD[expect.end as keyof typeof TOLD].test(end.error);
  return true;
};

/** Programs that must run: that the coordinator refuses them is wrong. */
const mustRun = ({ family, expect }: ProgramCase): boolean =>
  family === 'honest' || ('value' in expect && expect.value !== 'refused' && expect.value !== 'blocked');

/** What is wrong of how a case's job ended. A hostile program that was refused at submission never got to a tab. */
export const judgeEnd = (one: ProgramCase, ended: Ended): string[] => {
  if (ended.kind === 'stuck') return [`its job never ended (${ended.state})`];
  if (ended.kind === 'refused') {
    const isRight = ended.code.startsWith('program-') && !mustRun(one);
    return isRight ? [] : [`the coordinator refused it: ${ended.code}: ${ended.detail}`];
  }
  if ('holds' in one.expect) return [];
  return ended.units
    .filter((end) => end === null || !meets(one, end))
    .map((end) => `a unit ended with ${JSON.stringify(end)?.slice(0, 600)}`);
};
