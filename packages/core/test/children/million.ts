// A million units at quorum 2 are computed by so many devices: by one, all wait; by more, all are judged. Prints what
// it cost, as one line of JSON.
import { JobSpec, OUTCOME } from '@gossamer/protocol';
import type { Lease } from '../../src/index.ts';
import { addJob, createScheduler, exchange, noEffects, openSession } from '../../src/index.ts';

const UNITS = 1_000_000;
const DEVICES = Number(process.argv[2]);

const memory = (): number => {
  globalThis.gc!();
  globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const refuseHash = (): never => {
  throw new Error('a small result is compared as it is');
};
const timing = { sessionGraceMs: 10_000, heartbeatMs: 5000, leaseTargetMs: 60_000 };

const before = memory();
const scheduler = createScheduler({ epoch: 1, timing, hash: refuseHash, chance: () => 0.5 });
const spec = JobSpec.parse({
  name: 'million',
  program: '0'.repeat(64),
  source: { kind: 'range', start: 0, stop: UNITS },
});
const created = { kind: 'created' as const, at: 0, id: 'job', submitter: 'key', submitterName: 'Ada', total: UNITS };
const job = addJob(scheduler, 1, { ...created, spec: JSON.stringify(spec) }, noEffects());

const capabilities = { memoryMb: null, cores: null, wasm: [] };
const sessions = Array.from({ length: DEVICES }, (_, at) => {
  const device = {
    number: at + 1,
    id: `dev_${at}`,
    volunteer: `v${at}`,
    prefix: null,
    class: 'chromium' as const,
    capabilities,
    apart: false,
    optedIn: false,
  };
  return openSession(scheduler, device, 4).session;
});

const resultOf = (unit: number): Uint8Array => new TextEncoder().encode(String(unit * 3));

const reportOf = (lease: Lease) => ({
  epoch: 1,
  lease: lease.number,
  ticket: null,
  attempts: Array.from(lease.units, (unit, offset) => ({
    offset,
    outcome: OUTCOME.json,
    runMs: 1,
    body: resultOf(unit),
  })),
});

const began = Date.now();
const queues = sessions.map((): Lease[] => []);
let peak = 0;
for (let round = 0; job.counts.returned < UNITS * Math.min(2, DEVICES); round++) {
  for (const [at, session] of sessions.entries()) {
    const reports = queues[at]!.map(reportOf);
    queues[at] = exchange(scheduler, session, { slots: 2, held: [], reports }, round, noEffects()).granted;
  }
  if (round % 5 === 0) peak = Math.max(peak, memory() - before);
}
const { validated, valid, returned } = job.counts;
const held = memory() - before;
process.stdout.write(`${JSON.stringify({ validated, valid, returned, held, peak, ms: Date.now() - began })}\n`);
