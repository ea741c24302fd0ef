import type { JobFact, Lease, Scheduler, Session } from '@gossamer/core';
import { addJob, createScheduler, exchange, noEffects, openSession } from '@gossamer/core';
import type { AttemptReport, JobSpecInput } from '@gossamer/protocol';
import { JobSpec, OUTCOME } from '@gossamer/protocol';
import { hash } from 'node:crypto';
import { benchmark } from '../cli/benchmark.ts';
import { round } from '../measure/round.ts';

/** Run time of each unit, ms, as the devices claim and the clock shows. */
const RUN_MS = 10;

/** Numbers that look random, and are the same in each run (a 32-bit xorshift of G. Marsaglia). */
const seeded = (): (() => number) => {
  let state = 2_463_534_242;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
};

const join = (scheduler: Scheduler, at: number): Session => {
  const capabilities = { memoryMb: null, cores: null, wasm: [] };
  const names = { id: `dev_${at}`, volunteer: `volunteer ${at}` };
  const device = {
    number: at + 1,
    ...names,
    prefix: null,
    class: 'other',
    capabilities,
    apart: false,
    optedIn: false,
  } as const;
  return openSession(scheduler, device, 1).session;
};

/** 0 is adaptive, 1 the first result stands, more must agree. */
const policyOf = (quorum: number): NonNullable<JobSpecInput['policy']> => {
  if (quorum === 0) return { kind: 'adaptive', maxErrorRate: 0.01 };
  return quorum === 1 ? { kind: 'trusted' } : { kind: 'quorum', quorum };
};

/** What the scheduling core costs by itself: no network, no disk, all reports made of one prepared list. */
export const core = benchmark({
  name: 'core',
  about: 'the scheduling core by itself: CPU time and memory of a unit, with no network or disk',
  options: {
    quorum: { about: 'results that must agree; 1: the first one stands; 0: adaptive', value: 1, least: 0, most: 5 },
    batch: { about: 'units a message', value: 64, least: 1, most: 256 },
    bytes: { about: 'size of a result', value: 64, least: 1, most: 65_536 },
    clients: { about: 'devices', value: 100, least: 1, most: 10_000 },
    units: { about: 'units of the job', value: 1_000_000, least: 1, most: 100_000_000 },
  },
  async run({ quorum, batch, bytes, clients, units }) {
    const before = process.memoryUsage();
    const scheduler = createScheduler({
      epoch: 1,
      timing: { sessionGraceMs: 10_000, heartbeatMs: 5000, leaseTargetMs: RUN_MS * batch },
      hash: (body) => Buffer.from(hash('sha256', body, 'binary'), 'binary'),
      chance: seeded(),
    });
    const source = { kind: 'range', start: 0, stop: units } as const;
    const spec = JobSpec.parse({ name: 'bench', program: '0'.repeat(64), source, policy: policyOf(quorum) });
    const created = {
      kind: 'created',
      at: 0,
      id: 'job',
      submitter: 'key',
      submitterName: 'Ada',
      total: units,
    } as const;
    const job = addJob(scheduler, 1, { ...created, spec: JSON.stringify(spec) }, noEffects());
    const tabs = Array.from({ length: clients }, (_, at) => ({ session: join(scheduler, at), leases: [] as Lease[] }));

    // All results are the same, so that replicas agree.
    const body = new Uint8Array(bytes).fill(0x31);
    const whole: AttemptReport[] = Array.from({ length: batch }, (_, offset) => ({
      offset,
      outcome: OUTCOME.bytes,
      runMs: RUN_MS,
      body,
    }));
    const reportOf = ({ number, units: leased }: Lease) => {
      const attempts = leased.length === batch ? whole : whole.slice(0, leased.length);
      return { epoch: 1, lease: number, ticket: null, attempts };
    };

    let now = 0;
    let messages = 0;
    let facts = 0;
    const count = (list: readonly JobFact[]): void => void (facts += list.length);
    const cpu = process.cpuUsage();
    while (job.completedAt === null) {
      now += batch * RUN_MS;
      const worked = messages;
      for (const tab of tabs) {
        const effects = noEffects();
        const reports = tab.leases.map(reportOf);
        tab.leases = exchange(scheduler, tab.session, { slots: 1, held: [], reports }, now, effects).granted;
        effects.facts.forEach(count);
        if (reports.length > 0) messages += 1;
      }
      if (messages === worked && tabs.every(({ leases }) => leases.length === 0)) {
        throw new Error(`nothing is left to do, and ${job.counts.validated} of ${units} units are validated`);
      }
    }
    const { user, system } = process.cpuUsage(cpu);
    const after = process.memoryUsage();
    const { returned } = job.counts;
    return {
      quorum,
      batch,
      bytes,
      clients,
      units,
      attemptsPerUnit: round(returned / units),
      unitsPerMessage: round(returned / messages),
      factsPerUnit: round(facts / units),
      cpuMicrosPerUnit: round((user + system) / units),
      cpuMicrosPerAttempt: round((user + system) / returned),
      bytesPerUnit: Math.round((after.arrayBuffers - before.arrayBuffers) / units),
      checked: job.counts.validated === units,
    };
  },
  reported: [{}, { quorum: 2 }, { quorum: 0 }, { batch: 1, units: 100_000 }],
  columns: [
    ['quorum', 'quorum (0: adaptive)'],
    ['batch', 'units a message'],
    ['units', 'units'],
    ['attemptsPerUnit', 'attempts a unit'],
    ['cpuMicrosPerUnit', 'CPU a unit, µs'],
    ['cpuMicrosPerAttempt', 'CPU an attempt, µs'],
    ['bytesPerUnit', 'bytes a unit'],
  ],
});
