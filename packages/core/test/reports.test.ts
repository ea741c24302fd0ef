import { LIMITS, REPORT_STATUS } from '@gossamer/protocol';
import { describe, expect, it } from 'vitest';
import { unitRow, unitState } from '../src/index.ts';
import { account, done, Grid, proved, released, threw } from './grid.ts';

const { accepted, refused, ticketNeeded } = REPORT_STATUS;

describe('reports', () => {
  it('RE1: a report that comes twice changes nothing: in a frame, in memory, and with its ticket', () => {
    const grid = new Grid();
    const job = grid.job({ total: 3 });
    const a = grid.join(1);
    const x = grid.mustTake(a);
    const twice = done(x);
    expect(grid.send(a, { ...twice, attempts: [...twice.attempts, ...twice.attempts] })).toEqual([accepted]);
    const facts = grid.facts(job).length;
    expect(grid.send(a, done(x))).toEqual([ticketNeeded]);
    expect(grid.send(a, proved(done(x), x), proved(done(x, 'other'), x), proved(threw(x), x))).toEqual([
      accepted,
      accepted,
      accepted,
    ]);
    expect(grid.facts(job)).toHaveLength(facts);
    expect(job.counts).toMatchObject({ returned: 1, errored: 0 });
  });

  it('RE1: the same holds while other members of the lease are open', () => {
    const grid = new Grid({ leaseTargetMs: 800 });
    const job = grid.job({ total: 40, quorum: 1 });
    const a = grid.join(1);
    grid.send(a, done(grid.mustTake(a), '1', { runMs: 100 }));
    const x = grid.mustTake(a);
    expect(x.units).toHaveLength(8);
    grid.send(a, done(x, '2', { offsets: [3, 4] }), done(x, '3', { offsets: [4] }));
    expect(job.counts.returned).toBe(3);
    expect(job.leased).toBe(6);
    expect(grid.send(a, done(x, '2', { runMs: 100 }))).toEqual([accepted]);
    expect([job.counts.returned, job.leased, account(job, 1)!.credit]).toEqual([9, 0, 9]);
  });

  it('RE2: after a crash a result of an earlier epoch counts once, when its ticket proves it', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1 });
    const [x, y] = [grid.mustTake(grid.join(1)), grid.mustTake(grid.join(2))];
    grid.restart();
    const [a, b] = [grid.join(1), grid.join(2)];
    expect(grid.send(a, done(x))).toEqual([ticketNeeded]);
    expect(grid.send(a, proved(done(x), x))).toEqual([accepted]);
    grid.restart();
    expect(grid.send(grid.join(1), proved(done(x), x))).toEqual([accepted]);
    expect(grid.of(job).counts.returned).toBe(1);
    expect(unitState(grid.of(job), 0)).toBe('active');
    const again = grid.join(2);
    expect(b.device).toBe(again.device);
    grid.send(again, proved(done(y), y));
    expect(unitState(grid.of(job), 0)).toBe('validated');
  });

  it('RE2: a unit whose late result comes before its turn is not given out as if it were new', () => {
    const grid = new Grid();
    const [one, two] = [grid.job({ total: 3, quorum: 1 }), grid.job({ total: 3, quorum: 2 })];
    const leases = grid.exchange(grid.join(1, 6), { slots: 6 }).given;
    grid.restart();
    const a = grid.join(1, 6);
    for (const lease of leases) if (lease.units[0] === 1) grid.send(a, proved(done(lease), lease));
    expect([grid.of(one).counts.validated, grid.of(two).counts.returned]).toEqual([1, 1]);
    const again = grid.exchange(a, { slots: 6 }).given;
    expect(again.map(({ job, units }) => `${job}/${units.join()}`).sort()).toEqual(['1/0', '1/2', '2/0', '2/2']);
  });

  it('RE3: an attempt that was issued to another device is refused', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1 });
    const [a, b] = [grid.join(1), grid.join(2)];
    const x = grid.mustTake(a);
    expect(grid.send(b, done(x))).toEqual([refused]);
    expect(grid.send(b, proved(done(x), x))).toEqual([refused]);
    expect([job.counts.returned, job.leased]).toEqual([0, 1]);
  });

  it('RE3: a lease that was never issued is refused, in this epoch and in one to come', () => {
    const grid = new Grid();
    grid.job({ total: 1 });
    const a = grid.join(1);
    const x = grid.mustTake(a);
    for (const lie of [{ number: 0 }, { number: x.number + 1 }, { epoch: 2 }]) {
      const made = { ...x, ...lie };
      expect(grid.send(a, done(made), proved(done(made), made))).toEqual([refused, refused]);
    }
  });

  it('RE3: a ticket of one lease proves no other: one attempt cannot count as many', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, limits: { maxErrors: 2 }, independence: { device: false } });
    const a = grid.join(1);
    const old = grid.mustTake(a);
    grid.restart();
    const again = grid.join(1);
    expect(grid.send(again, proved(threw(old), old))).toEqual([accepted]);
    for (const lease of [7, 8])
      expect(grid.send(again, proved(threw({ ...old, number: lease }), old))).toEqual([refused]);
    expect([grid.of(job).counts.errored, unitState(grid.of(job), 0)]).toEqual([1, 'pending']);
  });

  it('RE4: an offset outside of the lease refuses the whole report; a job that is not there does, too', () => {
    const grid = new Grid();
    const job = grid.job({ total: 3 });
    const a = grid.join(1);
    const x = grid.mustTake(a);
    expect(grid.send(a, done(x, '1', { offsets: [0, 1] }))).toEqual([refused]);
    expect(grid.send(a, done(x, '1', { offsets: [0xffff] }))).toEqual([refused]);
    expect(job.leased).toBe(1);
    grid.restart();
    const alien = { ...x, job: 99 };
    expect(grid.send(grid.join(1), proved(done(alien), alien))).toEqual([refused]);
  });

  it('RE5: a unit that was never cut is passed over', () => {
    const grid = new Grid();
    const job = grid.job({ total: 5000, quorum: 1 });
    const x = grid.mustTake(grid.join(1));
    grid.restart();
    const ticket = { ...x, units: [0, 4999] };
    expect(grid.send(grid.join(1), proved(done(ticket), ticket))).toEqual([accepted]);
    expect(grid.of(job).counts).toMatchObject({ returned: 1, validated: 1 });
  });

  it('RE6: a result that comes after its lease has expired counts', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 1 });
    const a = grid.join(1);
    const x = grid.mustTake(a);
    grid.pass(20_000);
    expect([job.leased, job.counts.expired]).toEqual([0, 1]);
    expect(grid.send(a, done(x))).toEqual([ticketNeeded]);
    expect(grid.send(a, proved(done(x), x))).toEqual([accepted]);
    expect(unitState(job, 0)).toBe('validated');
    expect(grid.take(grid.join(2))).toBeUndefined();
  });

  it('RE6: a unit goes on when a result may not count beside a late one of the same device', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1 });
    const a = grid.join(1);
    const x = grid.mustTake(a);
    grid.pass(20_000);
    const again = grid.mustTake(a);
    grid.send(a, proved(done(x), x));
    expect(grid.send(a, done(again))).toEqual([accepted]);
    expect(job.counts.returned).toBe(1);
    const b = grid.join(2);
    grid.send(b, done(grid.mustTake(b)));
    expect(unitState(job, 0)).toBe('validated');
  });

  it('RE7: a result that comes after its unit was validated is put to the judge, and the verdict decides on credit', () => {
    for (const same of [true, false]) {
      const grid = new Grid();
      const job = grid.job({ total: 1 });
      const [a, b, c] = [grid.join(1), grid.join(2), grid.join(3)];
      const x = grid.mustTake(c);
      grid.pass(20_000);
      for (const session of [a, b]) grid.send(session, done(grid.mustTake(session)));
      expect(unitState(job, 0)).toBe('validated');
      grid.send(c, proved(done(x, '42.0'), x));
      expect(grid.judgements).toEqual([{ kind: 'same', job: 1, unit: 0, reference: 0, candidate: 2 }]);
      expect(account(job, 3)).toMatchObject({ waiting: 1, credit: 0 });
      const [request] = grid.judgements;
      grid.verdict(request!, same ? 'yes' : 'no');
      expect(account(job, 3)).toMatchObject({
        waiting: 0,
        valid: same ? 1 : 0,
        invalid: same ? 0 : 1,
        credit: same ? 1 : 0,
      });
      grid.verdict(request!, 'yes');
      expect(account(job, 3)!.credit).toBe(same ? 1 : 0);
      expect(job.units.canonical[0]).toBe(0);
      expect(unitRow(grid.scheduler, job, 0).attempts[2]!.state).toBe(same ? 'valid' : 'invalid');
    }
  });

  it('RE15: where one result is enough, a late one that differs is inconclusive, and catches nobody', () => {
    for (const policy of [{ kind: 'trusted' }, { kind: 'quorum', quorum: 1 }] as const) {
      for (const same of [true, false]) {
        const grid = new Grid();
        const job = grid.job({ total: 1, policy });
        const [a, b] = [grid.join(1), grid.join(2)];
        const x = grid.mustTake(a);
        grid.pass(20_000);
        // The first may be the one that lies.
        grid.send(b, done(grid.mustTake(b), '-1'));
        grid.send(a, proved(done(x), x));
        grid.verdict(grid.judgements[0]!, same ? 'yes' : 'no');
        expect(account(job, 1)).toMatchObject({ waiting: 0, valid: same ? 1 : 0, invalid: 0, caught: 0 });
        expect(job.counts).toMatchObject({ inconclusive: same ? 0 : 1, invalid: 0, failedChecks: 0 });
      }
    }
  });

  it('RE7: what the judge did not answer is asked again after a crash', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 1 });
    const [a, b] = [grid.join(1), grid.join(2)];
    const x = grid.mustTake(a);
    grid.pass(20_000);
    grid.send(b, done(grid.mustTake(b)));
    grid.send(a, proved(done(x), x));
    grid.restart();
    expect(grid.judgements).toEqual([{ kind: 'same', job: 1, unit: 0, reference: 0, candidate: 1 }]);
    grid.verdict(grid.judgements[0]!, 'yes');
    grid.restart();
    expect(grid.judgements).toEqual([]);
    expect(account(grid.of(job), 1)!.credit).toBe(1);
  });

  it('RE7: a verdict on what is no late result changes nothing', () => {
    const grid = new Grid();
    const job = grid.job({ total: 2 });
    const a = grid.join(1);
    grid.send(a, done(grid.mustTake(a)));
    const facts = grid.facts(job).length;
    for (const lie of [{ candidate: 0 }, { candidate: 9 }, { unit: 1 }, { unit: 77 }, { job: 9 }]) {
      grid.verdict({ kind: 'same', job: 1, unit: 0, reference: 0, candidate: 0, ...lie }, 'yes');
    }
    expect(grid.facts(job)).toHaveLength(facts);
  });

  it('RE8: an error or a loss that comes after the unit was settled is accepted and forgotten', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 1, limits: { maxErrors: 1 } });
    const [a, b] = [grid.join(1), grid.join(2)];
    const x = grid.mustTake(a);
    grid.pass(20_000);
    grid.send(b, done(grid.mustTake(b)));
    const facts = grid.facts(job).length;
    expect(grid.send(a, proved(threw(x), x), proved(released(x), x))).toEqual([accepted, accepted]);
    expect(grid.facts(job)).toHaveLength(facts);
  });

  it('RE9: the text of an error is cut at its limit, and what is no UTF-8 in it does no harm', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 1, limits: { maxErrors: 1 } });
    const a = grid.join(1);
    const report = threw(grid.mustTake(a));
    report.attempts[0]!.body = new Uint8Array(LIMITS.errorText * 3).fill(0xff);
    grid.send(a, report);
    expect(job.failures.get(0)!.endsWith('\u{fffd}'.repeat(LIMITS.errorText))).toBe(true);
    expect(job.failures.get(0)!.length).toBeLessThan(LIMITS.errorText + 100);
    grid.restart();
  });
});
