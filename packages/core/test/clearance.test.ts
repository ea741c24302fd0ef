import { describe, expect, test } from 'vitest';
import type { Clearance, Device, Job, Session } from '../src/index.ts';
import {
  attemptCounts,
  clearJobs,
  decodeGridFacts,
  encodeGridFacts,
  explainDevice,
  explainWaiting,
  noteRefusal,
  unitState,
} from '../src/index.ts';
import type { Given } from './grid.ts';
import { done, Grid, released, threw } from './grid.ts';

const APART: Partial<Device> = { apart: true, optedIn: true };

/** A grid whose operator says where each job may run. */
const ruled = (first: Clearance = { kind: 'playground' }) => {
  const grid = new Grid();
  const rulings = new Map<number, Clearance>();
  let usual = first;
  grid.scheduler.options.clearance = (job: Job) => rulings.get(job.number) ?? usual;
  const rule = (clearance: Clearance, job?: Job) => {
    if (job === undefined) usual = clearance;
    else rulings.set(job.number, clearance);
    return grid.run((effects) => clearJobs(grid.scheduler, grid.now, effects));
  };
  return { grid, rule };
};

/** What a tab does with a lease whose program is not what was signed. */
const refuse = (grid: Grid, session: Session, lease: Given): void => {
  noteRefusal(grid.scheduler, session.number, lease.job, 'its manifest is another one', grid.now);
  grid.send(session, released(lease));
};

describe('where a program may run', () => {
  test.each([
    [{ apart: false, optedIn: false }, 'the operator has not set the device apart for it'],
    [{ apart: false, optedIn: true }, 'the operator has not set the device apart for it'],
    [{ apart: true, optedIn: false }, 'the device’s volunteer has not opted in'],
    [{ apart: true, optedIn: true }, null],
  ])(
    'SG10: a device with %j is given a playground job only when both agreed, and is told what lacks',
    (device, why) => {
      const { grid } = ruled();
      const job = grid.job({ quorum: 1 });
      const session = grid.join(1, 1, device);
      expect(grid.take(session)?.job).toBe(why === null ? job.number : undefined);
      if (why === null) return;
      expect(explainDevice(grid.scheduler, 1, grid.now)).toContain(why);
      expect(explainWaiting(grid.scheduler, job, grid.now)).toContain(why);
    },
  );

  test('SG11: a device that is set apart is given playground work and nothing else, whoever else is there', () => {
    const { grid, rule } = ruled();
    const open = grid.job({ quorum: 1, priority: 5 });
    rule({ kind: 'public' }, open);
    const closed = grid.job({ quorum: 1 });
    const [apart, idle, other] = [grid.join(1, 1, APART), grid.join(2, 1, { apart: true }), grid.join(3)];
    expect(grid.mustTake(apart).job).toBe(closed.number);
    expect(grid.take(idle)).toBeUndefined();
    expect(grid.mustTake(other).job).toBe(open.number);
    expect(explainDevice(grid.scheduler, 2, grid.now)).toContain('set apart for the playground');
  });

  test('SG11: when a device is set apart, its public lease ends; one that it lost is not sent again', () => {
    const { grid } = ruled({ kind: 'public' });
    const job = grid.job({ total: 2, quorum: 1 });
    const session = grid.join(1);
    const lease = grid.mustTake(session);
    grid.scheduler.devices.get(1)!.apart = true;
    // Its page is loaded anew before the operator's word is carried out.
    session.fresh = true;
    expect(grid.take(session)).toBeUndefined();
    grid.scheduler.devices.get(1)!.apart = false;
    const next = grid.mustTake(session);
    grid.scheduler.devices.get(1)!.apart = true;
    const ended = grid.run((effects) => clearJobs(grid.scheduler, grid.now, effects));
    expect([...ended.values()].flat().map(({ number }) => number)).toEqual([next.number]);
    expect(lease.number).not.toBe(next.number);
    expect(job.leased).toBe(0);
    const other = grid.join(2);
    expect(grid.mustTake(other).job).toBe(job.number);
  });

  test('SG11: it is given no copy of a public unit either', () => {
    const { grid } = ruled({ kind: 'public' });
    grid.job({ total: 3, quorum: 1, limits: { deadlineMs: 600_000 } });
    const [slow, fast] = [grid.join(1), grid.join(2)];
    grid.send(slow, done(grid.mustTake(slow), '1', { runMs: 20_000 }));
    grid.send(fast, done(grid.mustTake(fast), '1', { runMs: 100 }));
    const lease = grid.mustTake(slow);
    grid.scheduler.devices.get(2)!.apart = true;
    grid.now += 1000;
    expect(grid.take(fast)).toBeUndefined();
    grid.scheduler.devices.get(2)!.apart = false;
    grid.now += 1000;
    expect(grid.mustTake(fast).units).toEqual(lease.units);
  });

  test('SG12: a barred job is given to nobody, and says why', () => {
    const { grid } = ruled({ kind: 'barred', reason: 'its signer “Ada” was revoked' });
    const job = grid.job();
    expect([grid.take(grid.join(1)), grid.take(grid.join(2, 1, APART))]).toEqual([undefined, undefined]);
    expect(explainWaiting(grid.scheduler, job, grid.now)).toContain('its signer “Ada” was revoked');
  });

  test('SG13: leases with devices that may not run the job any more end, others go on, and units go elsewhere', () => {
    const { grid, rule } = ruled({ kind: 'public' });
    const [moved, stays] = [grid.job({ total: 1, quorum: 1 }), grid.job({ total: 1, quorum: 1 })];
    const [a, b] = [grid.join(1), grid.join(2)];
    const [first, second] = [grid.mustTake(a), grid.mustTake(b)];
    expect([first.job, second.job]).toEqual([moved.number, stays.number]);
    const ended = rule({ kind: 'playground' }, moved);
    expect([...ended]).toEqual([[1, [{ epoch: 1, number: first.number }]]]);
    expect(grid.scheduler.leases.has(second.number)).toBe(true);
    // A tab that was away is told when it names the lease.
    expect(grid.beat(a, [first]).revoked).toMatchObject([{ epoch: 1, number: first.number }]);
    expect(grid.mustTake(grid.join(3, 1, APART)).units).toEqual(first.units);
    expect(grid.send(b, done(second))).toEqual([1]);
  });

  test('SG13: nothing ends when nothing changed, and work goes on when a bar is lifted', () => {
    const { grid, rule } = ruled({ kind: 'public' });
    const job = grid.job({ quorum: 1 });
    const lease = grid.mustTake(grid.join(1));
    expect(rule({ kind: 'public' }).size).toBe(0);
    expect(grid.scheduler.leases.has(lease.number)).toBe(true);
    rule({ kind: 'barred', reason: 'no' });
    expect(job.leased).toBe(0);
    grid.woken = false;
    rule({ kind: 'public' });
    expect(grid.woken).toBe(true);
    expect(grid.mustTake(grid.join(2)).job).toBe(job.number);
  });

  test('SG14: who refused a program is given none of its job for a while, or until its next session', () => {
    const { grid } = ruled({ kind: 'public' });
    const [refused, other] = [grid.job({ quorum: 1, priority: 1 }), grid.job({ quorum: 1 })];
    const a = grid.join(1);
    refuse(grid, a, grid.mustTake(a));
    const lease = grid.mustTake(a);
    expect(lease.job).toBe(other.number);
    grid.send(a, done(lease));
    expect(grid.mustTake(grid.join(2)).job).toBe(refused.number);
    grid.leave(a);
    expect(grid.mustTake(grid.join(1)).job).toBe(refused.number);
  });

  test('SG14: a refusal of what the device does not hold is none', () => {
    const { grid } = ruled({ kind: 'public' });
    const [first, other] = [grid.job({ quorum: 1, priority: 1 }), grid.job({ quorum: 1 })];
    const a = grid.join(1);
    const says = (session: number, job: number) => noteRefusal(grid.scheduler, session, job, 'x', grid.now);
    expect([says(a.number, first.number), says(1_000_000, first.number), says(a.number, 99)]).toEqual([
      false,
      false,
      false,
    ]);
    const lease = grid.mustTake(a);
    expect([lease.job, says(a.number, other.number), says(a.number, first.number)]).toEqual([
      first.number,
      false,
      true,
    ]);
  });

  test('SG16: neither a refused program nor a lease that was taken back is a try of its units', () => {
    const { grid, rule } = ruled({ kind: 'public' });
    const job = grid.job({ total: 1, quorum: 1, limits: { maxAttempts: 2 } });
    const a = grid.join(1);
    for (let time = 0; time < 5; time++) {
      refuse(grid, a, grid.mustTake(a));
      grid.now += 3_600_000;
    }
    grid.mustTake(a);
    for (let time = 0; time < 5; time++) {
      rule({ kind: 'barred', reason: 'no' });
      rule({ kind: 'public' });
      grid.mustTake(a);
    }
    grid.restart();
    const back = grid.join(1);
    const lease = grid.mustTake(back);
    expect(unitState(grid.of(job), 0)).toBe('active');
    // What it gives back of its own accord is one, as ever.
    grid.send(back, released(lease));
    grid.send(back, released(grid.mustTake(back)));
    expect(unitState(grid.of(job), 0)).toBe('failed');
    expect(attemptCounts(grid.of(job)).abandoned).toBe(12);
  });

  test('SG14: it rests longer each time it refuses', () => {
    const { grid } = ruled({ kind: 'public' });
    grid.job({ quorum: 1 });
    const a = grid.join(1);
    for (const rest of [2000, 4000, 8000]) {
      const until = grid.now + rest;
      refuse(grid, a, grid.mustTake(a));
      grid.now = until - 1;
      expect(grid.take(a)).toBeUndefined();
      grid.now = until;
    }
  });

  test('SG14: it is given the job again when what is signed has changed, and says meanwhile why not', () => {
    const { grid, rule } = ruled({ kind: 'public' });
    const job = grid.job({ quorum: 1 });
    const a = grid.join(1);
    refuse(grid, a, grid.mustTake(a));
    expect(grid.take(a)).toBeUndefined();
    expect(explainDevice(grid.scheduler, 1, grid.now)).toContain('its manifest is another one');
    rule({ kind: 'public' });
    expect(grid.mustTake(a).job).toBe(job.number);
  });

  test('SG17: a unit does not wait for a device that may not be given its job to tell program from device', () => {
    for (const [other, state] of [
      [{}, 'failed'],
      [APART, 'pending'],
    ] as const) {
      const { grid } = ruled();
      const job = grid.job({ total: 1, quorum: 1, limits: { maxErrors: 1 } });
      const a = grid.join(1, 1, APART);
      grid.join(2, 1, other);
      grid.send(a, threw(grid.mustTake(a)));
      expect(unitState(job, 0)).toBe(state);
    }
  });

  test('SG15: after a start a lease is not taken up by a device that may not run its job any more', () => {
    const { grid, rule } = ruled({ kind: 'public' });
    grid.recalls = true;
    const job = grid.job({ total: 1, quorum: 1 });
    const lease = grid.mustTake(grid.join(1));
    rule({ kind: 'public' }, job);
    grid.restart();
    rule({ kind: 'playground' }, job);
    const ref = { epoch: lease.epoch, number: lease.number };
    const { revoked } = grid.exchange(grid.join(1), { held: [{ lease: ref, runMs: 10, ticket: lease }] });
    expect(revoked).toEqual([ref]);
    expect(grid.of(job).leased).toBe(0);
  });

  test('SG15: a lease that was taken up again ends under the name that its tab knows', () => {
    const { grid, rule } = ruled({ kind: 'public' });
    grid.recalls = true;
    const job = grid.job({ total: 1, quorum: 1 });
    const lease = grid.mustTake(grid.join(1));
    grid.restart();
    const ref = { epoch: lease.epoch, number: lease.number };
    grid.exchange(grid.join(1), { held: [{ lease: ref, runMs: 10, ticket: lease }] });
    expect(grid.of(job).leased).toBe(1);
    expect([...rule({ kind: 'playground' }, job)]).toEqual([[1, [ref]]]);
  });
});

test('FA6: facts about signers, the coordinator’s keys and devices set apart are read as written', () => {
  const policy = { tier: 'public' as const, lanes: ['js' as const], limits: { deadlineMs: 1000, resultBytes: 10 } };
  const facts = [
    { kind: 'signer-registered' as const, at: 1, key: 'k', name: 'Ada', owner: 'key_1', succeeds: null },
    { kind: 'signer-policy-set' as const, at: 2, key: 'k', policy },
    { kind: 'signer-revoked' as const, at: 3, key: 'k' },
    { kind: 'coordinator-key-made' as const, at: 4, key: 'c', seed: 's', statement: null },
    { kind: 'device-set-apart' as const, at: 5, number: 7, apart: true },
  ];
  expect(decodeGridFacts(encodeGridFacts('x', facts))).toEqual({ cause: 'x', facts });
});
