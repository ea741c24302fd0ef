import { expect, test } from 'vitest';
import { BoincRecord } from '../src/baseline/boinc.ts';

const withValid = (many: number): BoincRecord => {
  const record = new BoincRecord();
  for (let n = 0; n < many; n++) record.onValid(1, true);
  return record;
};

test("SM14: BOINC's rule trusts a device from ten consecutive valid results on, with a probability of 1 - 1/n", () => {
  expect(withValid(9).isTrusted(1, 0.999)).toBe(false);
  const ten = withValid(10);
  expect(ten.isTrusted(1, 0.1)).toBe(true);
  expect(ten.isTrusted(1, 0.0999)).toBe(false);
  expect(ten.isTrusted(2, 0.999)).toBe(false);
  expect(withValid(100).isTrusted(1, 0.0101)).toBe(true);
  expect(withValid(100).isTrusted(1, 0.0099)).toBe(false);
});

test("SM14: BOINC's rule counts replicated results only, and any slip begins anew", () => {
  const record = withValid(12);
  record.onValid(1, false);
  expect(record.valid(1)).toBe(12);
  record.onValid(1, true);
  expect(record.valid(1)).toBe(13);
  for (const slip of ['onInvalid', 'onError', 'onTimeout'] as const) {
    const slipped = withValid(12);
    slipped[slip](1);
    expect(slipped.valid(1)).toBe(0);
    slipped.onValid(1, true);
    expect(slipped.valid(1)).toBe(1);
  }
});
