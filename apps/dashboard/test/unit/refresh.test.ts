import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Outcome, Refresh } from '../../src/parts/refresh.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Each ask is answered by hand. */
const start = (isFinal = (error: unknown) => error === 'for good') => {
  const asks: { at: number; answer: (value: number) => void; fail: (error: unknown) => void; signal: AbortSignal }[] =
    [];
  const told: Outcome<number>[] = [];
  const began = Date.now();
  const refresh = new Refresh<number>({
    load: (signal) => new Promise((answer, fail) => void asks.push({ at: Date.now() - began, answer, fail, signal })),
    tell: (outcome) => void told.push(outcome),
    isFinal,
    refreshMs: 1500,
    retryMs: 5000,
  });
  return { refresh, asks, told };
};

test('DV1: a slow answer comes however often it is wanted meanwhile, and what was wanted is asked once more after it', async () => {
  const { refresh, asks, told } = start();
  refresh.want();
  refresh.want();
  await vi.advanceTimersByTimeAsync(0);
  // An event twice a second, and an answer that takes four.
  for (let n = 0; n < 8; n++) {
    await vi.advanceTimersByTimeAsync(500);
    refresh.want();
  }
  expect(asks).toHaveLength(1);
  expect(asks[0]!.signal.aborted).toBe(false);
  asks[0]!.answer(1);
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual([{ kind: 'value', value: 1 }]);
  expect(asks).toHaveLength(2);
  asks[1]!.answer(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asks).toHaveLength(2);
});

test('DV1: two asks begin no closer to each other than they may', async () => {
  const { refresh, asks } = start();
  refresh.want();
  await vi.advanceTimersByTimeAsync(0);
  asks[0]!.answer(1);
  await vi.advanceTimersByTimeAsync(100);
  refresh.want();
  refresh.want();
  await vi.advanceTimersByTimeAsync(5000);
  expect(asks.map(({ at }) => at)).toEqual([0, 1500]);
});

test('DV2: what may pass is asked for again by itself, what is final is not', async () => {
  const { refresh, asks, told } = start();
  refresh.want();
  await vi.advanceTimersByTimeAsync(0);
  asks[0]!.fail('a minute');
  await vi.advanceTimersByTimeAsync(5000);
  expect(asks.map(({ at }) => at)).toEqual([0, 5000]);
  asks[1]!.fail('for good');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asks).toHaveLength(2);
  expect(told).toEqual([
    { kind: 'error', error: 'a minute', final: false },
    { kind: 'error', error: 'for good', final: true },
  ]);
  refresh.want();
  await vi.advanceTimersByTimeAsync(0);
  expect(asks).toHaveLength(3);
});

test('DV3: who has left is told nothing, and what was under way is given up', async () => {
  const { refresh, asks, told } = start();
  refresh.want();
  await vi.advanceTimersByTimeAsync(0);
  refresh.want();
  refresh.stop();
  expect(asks[0]!.signal.aborted).toBe(true);
  asks[0]!.answer(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([told, asks.length]).toEqual([[], 1]);
});
