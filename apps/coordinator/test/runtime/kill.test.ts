import { REPORT_STATUS } from '@gossamer/protocol';
import { openSqliteStores } from '@gossamer/store';
import { expect, test } from 'vitest';
import { freePort, withKey } from '../harness/child.ts';
import type { Held } from '../harness/device.ts';
import { heldOf, report, TestDevice } from '../harness/device.ts';
import { afterwards, eventually, Rest, temporaryDirectory } from '../harness/grid.ts';
import { faultsOf, replay } from '../harness/replay.ts';

const UNITS = 6000;
const KILLS = 5;
const DEVICES = 4;

/** What a device would keep over a crash: the leases that it has done and whose reports nobody has acknowledged. */
class Volunteer {
  readonly device = new TestDevice();
  /** `unit` of every acknowledged attempt. */
  readonly acknowledged: number[] = [];
  /** What went wrong while the coordinator was there. */
  readonly faults: unknown[] = [];
  #undelivered: Held[] = [];
  #epoch = 0;
  stopped = false;

  /** Lends through every crash until it is stopped. */
  async lend(port: number): Promise<void> {
    while (!this.stopped) {
      try {
        this.#epoch = (await this.device.signIn(port)).epoch;
        for (;;) await this.#exchange();
      } catch (error) {
        if (this.device.socket?.connected === true) this.faults.push(error);
        this.device.close();
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  async #exchange(): Promise<void> {
    // A few at a time, so that a kill finds something under way anywhere.
    const sent = this.#undelivered.slice(0, 4);
    const reports = sent.map((lease) => report(lease, undefined, { ticket: lease.epoch !== this.#epoch }));
    const answer = await this.device.exchange({ slots: this.#undelivered.length < 8 ? 2 : 0, reports });
    if (answer.retryAfterMs > 0) {
      // The leases that an unanswered exchange brought come again with the next session.
      await new Promise((resolve) => setTimeout(resolve, 20));
      return;
    }
    const asked: Held[] = [];
    sent.forEach((lease, i) => {
      if (answer.statuses[i] === REPORT_STATUS.refused)
        throw new Error(`lease ${lease.epoch}.${lease.number} was refused`);
      if (answer.statuses[i] === REPORT_STATUS.accepted) this.acknowledged.push(...lease.units);
      else asked.push(lease);
    });
    // A lease that expired meanwhile is asked for its ticket.
    for (const lease of asked) {
      const { statuses } = await this.device.exchange({
        slots: 0,
        reports: [report(lease, undefined, { ticket: true })],
      });
      expect(statuses).toEqual([REPORT_STATUS.accepted]);
      this.acknowledged.push(...lease.units);
    }
    this.#undelivered = [...this.#undelivered.slice(sent.length), ...heldOf(answer)];
  }
}

test('RT20: killed under load five times, it has every acknowledged result once, credits what is valid, and comes to an end', async () => {
  const data = temporaryDirectory();
  const port = await freePort();
  const env = { GOSSAMER_PORT: String(port), GOSSAMER_SESSION_GRACE_MS: '500', GOSSAMER_HEARTBEAT_MS: '500' };
  let child = withKey(data, env);
  await child.ready;
  const rest = new Rest(port);
  const { id, number } = await rest.submit(UNITS, {
    policy: { kind: 'quorum', quorum: 2 },
    limits: { maxAttempts: 1000 },
  });
  const volunteers = Array.from({ length: DEVICES }, () => new Volunteer());
  const lending = volunteers.map((volunteer) => volunteer.lend(port));
  afterwards(async () => {
    for (const volunteer of volunteers) {
      volunteer.stopped = true;
      volunteer.device.close();
    }
    await Promise.all(lending);
  });
  const acknowledged = () => volunteers.reduce((sum, volunteer) => sum + volunteer.acknowledged.length, 0);

  for (let round = 0; round < KILLS; round++) {
    const before = acknowledged();
    await eventually(() => expect(acknowledged()).toBeGreaterThan(before + 50));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
    // Read before the kill: everything in it was acknowledged.
    const known = volunteers.map((volunteer) => [...volunteer.acknowledged]);
    await child.kill();
    const stores = await openSqliteStores(data);
    const { job, facts } = await replay(stores.log, number);
    await stores.close();
    expect(faultsOf(job!)).toEqual([]);
    const returned = new Set<number>();
    for (const fact of facts) if (fact.kind === 'returned') for (const { unit } of fact.items) returned.add(unit);
    for (const unit of known.flat()) expect(returned.has(unit), `unit ${unit} was acknowledged`).toBe(true);
    expect(job!.counts.validated).toBeLessThan(UNITS);
    child = withKey(data, env);
    await child.ready;
  }

  const state = async () => (await rest.job(id)).state;
  for (let minute = 0; minute < 5 && (await state()) !== 'completed'; minute++) {
    await eventually(async () => expect(await state()).toBe('completed')).catch(() => undefined);
  }
  expect(volunteers.flatMap(({ faults }) => faults)).toEqual([]);
  const job = await rest.job(id);
  expect([job.state, job.units]).toMatchObject(['completed', { validated: UNITS, failed: 0 }]);
  const results = await rest.allResults(id, 1000);
  expect(results.map(({ unit, output }) => [unit, output]).sort(([a], [b]) => (a as number) - (b as number))).toEqual(
    Array.from({ length: UNITS }, (_, unit) => [unit, unit * 2]),
  );
  await eventually(async () =>
    expect((await rest.job(id)).attempts).toMatchObject({ returned: 0, invalid: 0, leased: 0 }),
  );
  const { attempts } = await rest.job(id);
  const { items } = await rest.json<{ items: { credit: number; valid: number }[] }>('GET', '/v1/devices');
  expect(items.reduce((sum, { credit }) => sum + credit, 0)).toBe(attempts.valid);
  expect(attempts.valid).toBeGreaterThanOrEqual(2 * UNITS);

  expect(await child.kill('SIGTERM')).toBe(0);
  const stores = await openSqliteStores(data);
  const { job: replayed, facts } = await replay(stores.log, number);
  await stores.close();
  expect(faultsOf(replayed!)).toEqual([]);
  // Once: no attempt is in the log twice, and every acknowledged one is there.
  const seen = new Set<string>();
  for (const fact of facts) {
    if (fact.kind !== 'returned') continue;
    for (const { offset } of fact.items) {
      const attempt = `${fact.epoch}.${fact.lease}.${offset}`;
      expect(seen.has(attempt), attempt).toBe(false);
      seen.add(attempt);
    }
  }
  expect(seen.size).toBe(attempts.valid);
}, 400_000);
