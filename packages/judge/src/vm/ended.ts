import { type Outcome, failure } from '../messages.ts';

/** Leaves a call before its end, with its outcome. */
export class Ended extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(outcome.kind);
    this.outcome = outcome;
  }
}

/** The engine's stack was full. */
export class TooDeep extends Ended {}

export const tooLong = (timeMs: number): Ended =>
  new Ended(failure('time', `the program gave no answer within ${timeMs} ms`));

export const tooMuchMemory = (memoryBytes: number): Ended =>
  new Ended(failure('memory', `the program and its values need more than the ${memoryBytes} bytes that it may use`));

/**
 * What was thrown, by the text of it. Where even the engine's error for "out of memory" finds no room, `null` is thrown
 * in its place. A program can forge these texts, and gets another reason for its own failure.
 */
export const threw = (text: string, memoryFull: boolean, memoryBytes: number): Ended => {
  if (text.startsWith('InternalError: out of memory') || (text === 'null' && memoryFull))
    return tooMuchMemory(memoryBytes);
  if (/^(Internal|Syntax)Error: stack overflow/.test(text)) {
    return new TooDeep(failure('memory', `the program recurses too deeply: ${text}`));
  }
  const hint = /^ReferenceError: '?\w+'? is not defined/.test(text)
    ? '; the judge has the language itself, and nothing of what browsers add to it'
    : '';
  return new Ended(failure('threw', `the program threw ${text}${hint}`));
};
