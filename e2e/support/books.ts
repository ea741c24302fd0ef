import { expect } from '@playwright/test';
import type { Coordinator } from './coordinator.ts';

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

/**
 * What holds of every grid at any time (jobs of one credit a unit): each unit is in one state, each has at most one
 * final result, and credit is granted once for each valid attempt and for nothing else.
 */
export const checkBooks = async (coordinator: Coordinator): Promise<void> => {
  const [jobs, devices] = [await coordinator.jobs(), await coordinator.devices()];
  for (const { id, units, state } of jobs) {
    const { total, ...states } = units;
    expect(sum(Object.values(states)), `units of a ${state} job`).toBe(total);
    const results = (await coordinator.results(id)).map(({ unit }) => unit);
    expect(new Set(results).size, 'a unit has one final result').toBe(results.length);
    if (state === 'completed') expect(results.length).toBe(total);
  }
  // What devices have earned in a job stays theirs when it goes.
  const valid = sum(jobs.map(({ attempts }) => attempts.valid)) + coordinator.deletedValid;
  expect(sum(devices.map((device) => device.valid))).toBe(valid);
  expect(sum(devices.map(({ credit }) => credit))).toBe(valid);
};
