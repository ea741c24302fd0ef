import { describe, expect, test } from 'vitest';
import type { Situation } from '../../src/engine/exchange/due.ts';
import { due, GATHER_MS } from '../../src/engine/exchange/due.ts';

const quiet: Situation = { slots: 0, asked: null, waiting: null, silentMs: 0, heartbeatMs: 10_000 };

describe('when an exchange is due', () => {
  test('VE12: nothing to say is not said', () => expect(due(quiet)).toBe(false));

  test('VE12: the outcomes of a lease that has ended go at once', () =>
    expect(due({ ...quiet, waiting: { sinceMs: 0, urgent: true } })).toBe(true));

  test('VE12: those of one that goes on are gathered for a moment', () => {
    expect(due({ ...quiet, waiting: { sinceMs: GATHER_MS - 1, urgent: false } })).toBe(false);
    expect(due({ ...quiet, waiting: { sinceMs: GATHER_MS, urgent: false } })).toBe(true);
  });

  test('VE13: work is asked for once: not again while as much is asked for already', () => {
    expect(due({ ...quiet, slots: 2 })).toBe(true);
    expect(due({ ...quiet, slots: 2, asked: 2 })).toBe(false);
    expect(due({ ...quiet, slots: 3, asked: 2 })).toBe(true);
  });

  test('VE13: a parked exchange is called back when no work is wanted any more', () =>
    expect(due({ ...quiet, slots: 0, asked: 2 })).toBe(true));

  test('VE14: a heartbeat is never late', () => {
    expect(due({ ...quiet, silentMs: 7999 })).toBe(false);
    expect(due({ ...quiet, silentMs: 8000 })).toBe(true);
  });
});
