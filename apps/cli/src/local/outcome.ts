import { type Encoding, ENCODING, type ElementType, elementTypeOf } from '@gossamer/protocol';
import { readSourceMap, withSources } from '@gossamer/program';
import { adviceOn } from './advice.ts';
import type { UnitEvent } from './wire.ts';

/** What came of a unit. */
export type Outcome =
  | { kind: 'result'; encoding: Encoding; body: Uint8Array }
  | { kind: 'error'; phase: 'load' | 'run' | 'result' | 'end'; message: string; stack: string };

type End = Extract<UnitEvent, { kind: 'end' }>;

/** Why a worker is gone that gave no outcome. */
const endWords = ({ how, message }: End, deadlineMs: number): string => {
  switch (how) {
    case 'overran':
      return `it ran longer than ${deadlineMs / 1000} s, and was ended (--timeout)`;
    case 'flooded':
      return 'it said more than it may, and was ended: log, progress and picture have their limits';
    case 'crashed':
      return `its worker died: ${message}`;
    case 'dead':
      return "its browser process died: it has probably used up the machine's memory";
    case 'starved':
      return `its shared data could not be read: ${message}`;
    case 'done':
    case 'stopped':
      return 'it ended without an outcome';
  }
};

/** The outcome in the events of a unit, which are all there. */
export const outcomeOf = (events: readonly UnitEvent[], deadlineMs: number, sourceMap: string | null): Outcome => {
  for (const event of events) {
    if (event.kind === 'result') {
      return { kind: 'result', encoding: event.encoding as Encoding, body: event.body };
    }
    if (event.kind === 'error') {
      const { phase, message, stack } = event;
      const map = sourceMap === null ? null : readSourceMap(sourceMap);
      return { kind: 'error', phase, message, stack: map === null ? stack : withSources(stack, map) };
    }
  }
  const end = events.find((event) => event.kind === 'end')!;
  return { kind: 'error', phase: 'end', message: endWords(end, deadlineMs), stack: '' };
};

/** A result as it is printed: JSON as it is, other results as base64 with their type. */
export const printedResult = ({
  encoding,
  body,
}: Extract<Outcome, { kind: 'result' }>): { output: unknown } | { bytes: string; type?: ElementType } => {
  if (encoding === ENCODING.json) return { output: JSON.parse(Buffer.from(body).toString('utf8')) as unknown };
  const type = elementTypeOf(encoding);
  const bytes = Buffer.from(body).toString('base64');
  return type === null ? { bytes } : { bytes, type };
};

const PHASES = {
  load: 'the program could not be loaded',
  run: 'the program threw',
  result: 'what it returned cannot travel',
  end: 'there is no result',
} as const;

/** An error for people: what happened, where, and what to do. */
export const errorWords = ({ phase, message, stack }: Extract<Outcome, { kind: 'error' }>): string => {
  const advice = adviceOn(message);
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return [`${PHASES[phase]}: ${message}`, ...frames, ...(advice === null ? [] : [advice])].join('\n');
};
