import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Publisher } from '../../src/engine/publisher.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const setUp = () => {
  const calls: number[] = [];
  const began = Date.now();
  const publisher = new Publisher(1000, () => void calls.push(Date.now() - began));
  return { publisher, calls };
};

test('VP8: figures that change all the time are told once an interval, the first at once', async () => {
  const { publisher, calls } = setUp();
  for (let ms = 0; ms < 2500; ms += 10) {
    publisher.changed();
    publisher.changed();
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(calls).toEqual([0, 1000, 2000]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(calls).toEqual([0, 1000, 2000, 3000]);
});

test('VP8: what somebody waits to see is told at once, and puts nothing else off', async () => {
  const { publisher, calls } = setUp();
  publisher.changed();
  await vi.advanceTimersByTimeAsync(300);
  publisher.changedNow();
  await vi.advanceTimersByTimeAsync(50);
  publisher.changedNow();
  publisher.changed();
  await vi.advanceTimersByTimeAsync(5000);
  publisher.changedNow();
  await vi.advanceTimersByTimeAsync(0);
  expect(calls).toEqual([0, 300, 350, 5350]);
});

test('VP8: never while the last call is under way, however urgent', async () => {
  let ends: () => void = () => {};
  let calls = 0;
  const publisher = new Publisher(1000, () => {
    calls += 1;
    return new Promise<void>((resolve) => (ends = resolve));
  });
  publisher.changed();
  await vi.advanceTimersByTimeAsync(10);
  publisher.changedNow();
  await vi.advanceTimersByTimeAsync(5000);
  expect(calls).toBe(1);
  ends();
  await vi.advanceTimersByTimeAsync(0);
  expect(calls).toBe(2);
});
