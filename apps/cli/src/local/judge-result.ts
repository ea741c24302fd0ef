import { Judge, JudgeError, type JudgeValue } from '@gossamer/judge';
import type { LocalProgram } from './read-program.ts';

/** What the program's own functions say of its result, as a coordinator would ask them; left out: it has no such one. */
export interface Verdicts {
  check?: Verdict;
  equals?: Verdict;
}
export type Verdict = 'ok' | { wrong: string };

const ask = async (question: () => Promise<boolean>, whenFalse: string): Promise<Verdict> => {
  try {
    return (await question()) ? 'ok' : { wrong: whenFalse };
  } catch (error) {
    if (!(error instanceof JudgeError)) throw error;
    return { wrong: error.message };
  }
};

/** Asks `check` of the result, and `equals` whether it is the same as itself, in the judge of a coordinator. */
export const judgeResult = async (
  { code }: LocalProgram,
  input: JudgeValue,
  result: JudgeValue,
  params: unknown,
): Promise<Verdicts> => {
  const verdicts: Verdicts = {};
  if (code === null || !['check', 'equals'].some((name) => code.exports.includes(name))) return verdicts;
  const judge = new Judge();
  try {
    if (code.exports.includes('check')) {
      const question = () => judge.check(code, input, result, params);
      verdicts.check = await ask(question, "check(input, result) is not true of the program's own result");
    }
    if (code.exports.includes('equals')) {
      const question = () => judge.equals(code, result, result);
      verdicts.equals = await ask(question, 'equals(result, result) is not true of the same result twice');
    }
    return verdicts;
  } finally {
    await judge.close();
  }
};
