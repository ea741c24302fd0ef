import { ENCODING, LIMITS, OUTCOME } from '@gossamer/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorBody } from '../../src/engine/error-text.ts';
import { endReport, errorReport, releaseReport, resultReport } from '../../src/engine/outcomes.ts';

const read = (body: Uint8Array): unknown => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));

describe('what is reported of an attempt', () => {
  test('VO1: a result keeps its encoding, and its run time becomes whole milliseconds', () => {
    const body = new Uint8Array([1]);
    expect(resultReport(2, { encoding: ENCODING.json, body }, 1.6)).toEqual({
      offset: 2,
      outcome: OUTCOME.json,
      runMs: 2,
      body,
    });
    expect(resultReport(0, { encoding: ENCODING.bytes, body }, -1)).toMatchObject({ outcome: OUTCOME.bytes, runMs: 0 });
  });

  test('VO2: an error travels as JSON of phase, message, stack and what was logged', () => {
    const error = { phase: 'load' as const, message: 'no run', stack: 'at x' };
    const report = errorReport(1, error, 3, ['a line']);
    expect(report).toMatchObject({ offset: 1, outcome: OUTCOME.errored, runMs: 3 });
    expect(read(report.body)).toEqual({ ...error, log: ['a line'] });
  });

  test('VO2: an error of any length fits its limit, is valid UTF-8 JSON, and loses its stack before its message, and the oldest lines of its log', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom('ß€😀'.repeat(3000), '\ud800'));
    fc.assert(
      fc.property(
        text,
        text,
        fc.array(text),
        fc.integer({ min: 200, max: LIMITS.errorText }),
        (message, stack, log, limit) => {
          const body = errorBody({ phase: 'run', message, stack }, log, limit);
          expect(body.byteLength).toBeLessThanOrEqual(limit);
          const told = read(body) as { message: string; stack: string; log: string[] };
          if (told.message !== message.toWellFormed()) expect(told.stack).toBe('');
          // The newest lines.
          expect(told.log).toEqual(log.slice(log.length - told.log.length).map((line) => line.toWellFormed()));
        },
      ),
    );
  });

  test('VO3: a unit that ran too long overran; one that flooded or crashed its worker is an error of the program', () => {
    expect(endReport({ kind: 'overran', position: 3 }, 70, ['so far'])).toMatchObject({
      offset: 3,
      outcome: OUTCOME.overran,
      runMs: 70,
    });
    const flooded = endReport({ kind: 'flooded', position: 1 }, 0, [])!;
    expect(flooded.outcome).toBe(OUTCOME.errored);
    expect(read(flooded.body)).toMatchObject({ message: expect.stringContaining('more messages') as string });
    const crashed = endReport({ kind: 'crashed', position: 1, message: 'out of memory' }, 0, [])!;
    expect(read(crashed.body)).toMatchObject({ message: expect.stringContaining('out of memory') as string });
  });

  test('VO3: a dead renderer, a stop and an ordinary end blame no unit', () => {
    for (const kind of ['dead', 'stopped', 'done'] as const) expect(endReport({ kind }, 5, [])).toBeNull();
  });

  test('VO4: what is given back says why', () => {
    const report = releaseReport(4, 'paused');
    expect(report.outcome).toBe(OUTCOME.released);
    expect(new TextDecoder().decode(report.body)).toBe('paused');
  });
});
