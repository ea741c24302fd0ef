import { describe, expect, it } from 'vitest';
import { unitRow } from '../src/index.ts';
import type { Grid as GridType } from './grid.ts';
import { done, Grid, threw, TIMING } from './grid.ts';

/** One device has failed as often as a unit may fail, while another one was there; then the coordinator restarts. */
const afterRestart = () => {
  const grid = new Grid();
  const job = grid.job({ total: 1, quorum: 1, limits: { maxErrors: 1 } });
  const [bad] = [grid.join(1), grid.join(2)];
  grid.send(bad!, threw(grid.mustTake(bad!)));
  grid.restart();
  return { grid, job };
};

const stateOf = (grid: GridType, job: Parameters<GridType['of']>[0]) => unitRow(grid.scheduler, grid.of(job), 0).state;

describe('errors that are all of one device, after a restart', () => {
  it('JU11: while nobody has come back the unit waits, and another device may try it', () => {
    const { grid, job } = afterRestart();
    grid.pass(10 * TIMING.sessionGraceMs);
    expect(stateOf(grid, job)).toBe('pending');
    const good = grid.join(2);
    grid.send(good, done(grid.mustTake(good)));
    expect(stateOf(grid, job)).toBe('validated');
  });

  it('JU11: when only the device that erred comes back, the unit fails after the grace', () => {
    const { grid, job } = afterRestart();
    const bad = grid.join(1);
    expect(grid.take(bad)).toBeUndefined();
    grid.pass(TIMING.sessionGraceMs - 1);
    expect(stateOf(grid, job)).toBe('pending');
    grid.beat(bad, []);
    grid.pass(1);
    expect(stateOf(grid, job)).toBe('failed');
  });
});
