import { lenientText, utf8 } from '../text.ts';

/**
 * What a tab tells of an attempt that failed, as JSON in the report's body and in the job's log. `phase`: at loading the
 * program, in `run`, or at encoding what it returned; null where something else than a program told it.
 */
export interface Failure {
  phase: 'load' | 'run' | 'result' | null;
  message: string;
  /** Empty where there is none. */
  stack: string;
  /** What the program logged of the unit before, the newest lines. */
  log: readonly string[];
}

const PHASES: readonly unknown[] = ['load', 'run', 'result'];

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads it. A text of another form, as of a stranger or an earlier version, is the message. */
export const failureOf = (text: string): Failure => {
  const plain: Failure = { phase: null, message: text, stack: '', log: [] };
  if (!text.startsWith('{')) return plain;
  try {
    const { phase, message, stack, log } = JSON.parse(text) as Record<string, unknown>;
    if (!PHASES.includes(phase) || typeof message !== 'string') return plain;
    const lines = Array.isArray(log) ? log.filter((line) => typeof line === 'string') : [];
    return { phase: phase as Failure['phase'], message, stack: textOf(stack), log: lines };
  } catch {
    return plain;
  }
};

const sizeOf = (text: string): number => utf8(text).byteLength;
/** Without halves of surrogate pairs. */
const wellFormed = (text: string): string => lenientText(utf8(text));

/** Halves a text, without leaving half of a surrogate pair. */
const halve = (text: string): string => wellFormed(text.slice(0, text.length >> 1));

/**
 * Its text, of at most `limit` bytes of UTF-8. What is too long is cut: the oldest lines of the log first, then the stack,
 * then the message, which says most.
 */
export const failureText = ({ phase, message, stack, log }: Failure, limit: number): string => {
  const cut = { phase, message: wellFormed(message), stack: wellFormed(stack), log: [] as string[] };
  let text = JSON.stringify(cut);
  while (sizeOf(text) > limit && (cut.stack !== '' || cut.message !== '')) {
    if (cut.stack !== '') cut.stack = halve(cut.stack);
    else cut.message = halve(cut.message);
    text = JSON.stringify(cut);
  }
  for (const line of log.toReversed()) {
    const longer = JSON.stringify({ ...cut, log: [wellFormed(line), ...cut.log] });
    if (sizeOf(longer) > limit) return text;
    cut.log.unshift(wellFormed(line));
    text = longer;
  }
  return text;
};
