/**
 * Why a program gave no answer.
 * `missing`: it exports no such function. `threw`: it, or its top level, threw. `time`: it ran too long. `memory`: it
 * used up its memory or its stack. `output`: it returned too much. `result`: it returned something that is no verdict.
 * `crashed`: the judge's thread ended under it, or could not be started.
 */
export type JudgeReason = 'missing' | 'threw' | 'time' | 'memory' | 'output' | 'crashed' | 'result';

/** A program gave no answer. The message is for its submitter, and bounded even where it quotes the program. */
export class JudgeError extends Error {
  override readonly name = 'JudgeError';
  readonly reason: JudgeReason;

  constructor(reason: JudgeReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
