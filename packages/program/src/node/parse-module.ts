import { Worker } from 'node:worker_threads';
import type { Place } from '../place.ts';
import { PARSE_SCRIPT } from './parse-script.ts';

export type ParseOutcome =
  /** `run`: where it is declared as a function, of which kind (`Function`, `AsyncGeneratorFunction`); null: it is not known. */
  | { kind: 'parsed'; names: string[]; run: string | null }
  /** It has static imports, so that its exports cannot be known. */
  | { kind: 'imports' }
  | { kind: 'unparsed'; name: string; message: string; place: Place | null }
  /** The thread was ended: too much memory, or too long. */
  | { kind: 'gave-up'; message: string };

const PARSE_MS = 10_000;
const MEGABYTES = 512;

/**
 * Parses a stranger's module with V8, as the tabs will, in a thread of its own with bounds on stack, memory and time:
 * a text made to exhaust a parser ends the thread and nothing else.
 */
export const parseModule = (code: string): Promise<ParseOutcome> =>
  new Promise((resolve) => {
    const thread = new Worker(PARSE_SCRIPT, {
      eval: true,
      workerData: code,
      env: {},
      execArgv: ['--experimental-vm-modules', '--no-warnings'],
      resourceLimits: { maxOldGenerationSizeMb: MEGABYTES, stackSizeMb: 4 },
    });
    const end = (outcome: ParseOutcome): void => {
      clearTimeout(timer);
      resolve(outcome);
      void thread.terminate();
    };
    const timer = setTimeout(() => end({ kind: 'gave-up', message: `it takes over ${PARSE_MS} ms` }), PARSE_MS);
    thread.once('message', (outcome: ParseOutcome) => end(outcome));
    thread.once('error', (error) => end({ kind: 'gave-up', message: error.message }));
    thread.once('exit', () => end({ kind: 'gave-up', message: 'the parser ended without an answer' }));
  });
