import { describe, expect, it } from 'vitest';
import type { AttemptPlace, DeviceAttempt, GridFact } from '../src/index.ts';
import {
  attemptsOf,
  decodeGridFacts,
  emptied,
  encodeGridFacts,
  forgetDevice,
  gridAccount,
  isEmptied,
  leasedBy,
  trustOf,
  unitState,
  withoutDevice,
  withoutNetwork,
} from '../src/index.ts';
import { done, Grid } from './grid.ts';

const KIN = { prefix: 'network' };
const forget = (grid: Grid, device: number): number =>
  grid.run((effects) => forgetDevice(grid.scheduler, device, grid.now, effects));

describe('forgotten devices', () => {
  it('PV5: its session ends, its leases go to others at once, and what it returned stays under its number', () => {
    const grid = new Grid();
    const job = grid.job({ total: 2, quorum: 1 });
    const a = grid.join(1, 3);
    grid.send(a, done(grid.mustTake(a)));
    const held = grid.mustTake(a);
    expect(forget(grid, 1)).toBe(1);
    expect([leasedBy(grid.scheduler, 1), grid.scheduler.sessionOf.has(1), job.counts.abandoned]).toEqual([0, false, 1]);
    expect(gridAccount(grid.scheduler, 1)).toMatchObject({ valid: 1, credit: 1 });
    const b = grid.join(2);
    // Who is there, and so who gets the last units, is counted from time to time.
    grid.pass(5000);
    expect(grid.mustTake(b).units).toEqual(held.units);
    expect(forget(grid, 1)).toBe(0);
    expect(forget(grid, 99)).toBe(0);
  });

  it('PV5: an exchange that was on the way when its device was forgotten gets nothing, and waits for nothing', () => {
    const grid = new Grid();
    const session = grid.join(1);
    forget(grid, 1);
    grid.job({ total: 1, quorum: 1 });
    expect(grid.take(session)).toBeUndefined();
    expect(grid.scheduler.parked.size).toBe(0);
    // The others are served.
    expect(grid.mustTake(grid.join(2)).units.length).toBe(1);
  });

  it('PV5: a device that was caught stays caught', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 2 });
    const [a, b, c] = [grid.join(1), grid.join(2), grid.join(3)];
    const wrong = grid.mustTake(a);
    grid.send(a, done(wrong, '"wrong"'));
    for (const session of [b, c]) grid.send(session, done(grid.mustTake(session)));
    expect(unitState(job, 0)).toBe('validated');
    const before = trustOf(grid.scheduler, 1);
    expect(before.caught).toBe(1);
    forget(grid, 1);
    expect(trustOf(grid.scheduler, 1)).toEqual(before);
  });

  it('PV6: nobody of its network confirms what it returned; others do', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 2 });
    const a = grid.join(1, 1, KIN);
    grid.send(a, done(grid.mustTake(a)));
    forget(grid, 1);
    expect(grid.take(grid.join(2, 1, KIN))).toBeUndefined();
    const c = grid.join(3, 1, { prefix: 'elsewhere' });
    grid.send(c, done(grid.mustTake(c)));
    expect(unitState(job, 0)).toBe('validated');
  });

  it('PV6: nor does another class of device, where a job keeps to one', () => {
    const grid = new Grid();
    grid.job({ total: 1, quorum: 2, sameClass: true });
    const a = grid.join(1);
    grid.send(a, done(grid.mustTake(a)));
    forget(grid, 1);
    expect(grid.take(grid.join(2, 1, { class: 'firefox' }))).toBeUndefined();
    expect(grid.take(grid.join(3))).toBeDefined();
  });

  it('PV7: pages of few looks together tell each attempt of a device once, and none of others', () => {
    const grid = new Grid();
    for (let job = 0; job < 3; job++) grid.job({ total: 7, quorum: 1 });
    const sessions = [grid.join(1), grid.join(2)];
    for (let unit = 0; unit < 21; unit++) {
      const session = sessions[unit % 2]!;
      grid.send(session, done(grid.mustTake(session)));
    }
    const told: DeviceAttempt[] = [];
    let pages = 0;
    for (let from: AttemptPlace | null = { job: 0, at: 0 }; from !== null; pages++) {
      const { items, next } = attemptsOf(grid.scheduler, 1, from, 3, 4);
      expect(items.length).toBeLessThanOrEqual(3);
      told.push(...items);
      from = next;
    }
    expect(pages).toBeGreaterThan(5);
    expect(told).toHaveLength(11);
    expect(new Set(told.map(({ job, unit }) => `${job} ${unit}`)).size).toBe(11);
    expect(new Set(told.map(({ device, state }) => `${device} ${state}`))).toEqual(new Set(['1 valid']));
  });

  it('PV8: an emptied segment is shorter and has number and time of its facts, and nothing of the device', () => {
    const seen: GridFact = {
      kind: 'device-seen',
      at: 5,
      number: 7,
      id: 'dev_x',
      publicKey: 'the key',
      platform: 'Chrome 1 on Linux',
      prefix: 'aa',
    };
    const other: GridFact = { kind: 'job-registered', at: 6, number: 1, id: 'job_x', request: null, batch: null };
    const text = encodeGridFacts('device:dev_x', [seen, other]);
    const empty = emptied(text, withoutDevice, 'forgotten');
    expect(empty.length).toBeLessThan(text.length);
    const blank = { ...seen, id: '', publicKey: '', platform: '', prefix: null };
    expect(decodeGridFacts(`${empty}   `)).toEqual({ cause: 'forgotten', facts: [blank, other] });
    expect([isEmptied(seen), isEmptied(blank)]).toEqual([false, true]);
    expect(withoutNetwork(seen)).toEqual({ ...seen, prefix: null });
    expect(withoutDevice({ kind: 'device-moved', at: 1, number: 7, prefix: 'aa' })).toMatchObject({ prefix: null });
  });
});
