// What the scheduling core costs by itself: so many tabs exchange full leases with it, with no network or disk; with
// --encode its facts are made into bytes for the log, too.
//   node bench/core.mjs [--policy trusted|quorum1|quorum2|adaptive] [--batch 64] [--bytes 8] [--sessions 100]
//                       [--units 1000000] [--encode]
// Prints one JSON object. Times are CPU time of this process, which others on the machine disturb least; the driver's
// own share is small, as all reports are made of one prepared list of attempts. Bytes are those of the job's state at
// the end, with all units settled. With --expose-gc they are exact.
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { addJob, createScheduler, encodeFacts, exchange, noEffects, openSession } from '@gossamer/core';
import { JobSpec, OUTCOME } from '@gossamer/protocol';

const POLICIES = {
  trusted: { kind: 'trusted' },
  quorum1: { kind: 'quorum', quorum: 1 },
  quorum2: { kind: 'quorum', quorum: 2 },
  adaptive: { kind: 'adaptive', maxErrorRate: 0.01 },
};

const { values } = parseArgs({
  options: {
    policy: { type: 'string', default: 'trusted' },
    batch: { type: 'string', default: '64' },
    bytes: { type: 'string', default: '8' },
    sessions: { type: 'string', default: '100' },
    units: { type: 'string', default: '1000000' },
    encode: { type: 'boolean', default: false },
  },
});
const policy = POLICIES[values.policy];
if (policy === undefined) throw new Error(`--policy is one of ${Object.keys(POLICIES).join(', ')}`);
const [batch, bytes, sessions, units] = ['batch', 'bytes', 'sessions', 'units'].map((name) => Number(values[name]));

const memory = () => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

/** Numbers that look random, and are the same in each run (a 32-bit xorshift of G. Marsaglia). */
const seeded = () => {
  let state = 2_463_534_242;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
};

const RUN_MS = 10;
const before = memory();
const scheduler = createScheduler({
  epoch: 1,
  // As many units as a message is to hold; before its device was measured, a lease is shorter.
  timing: { sessionGraceMs: 10_000, heartbeatMs: 5000, leaseTargetMs: RUN_MS * batch },
  hash: (body) => createHash('sha256').update(body).digest(),
  chance: seeded(),
});
const spec = JobSpec.parse({
  name: 'bench',
  program: '0'.repeat(64),
  source: { kind: 'range', start: 0, stop: units },
  policy,
});
const created = { kind: 'created', at: 0, id: 'job', submitter: 'key', submitterName: 'Ada', total: units };
const job = addJob(scheduler, 1, { ...created, spec: JSON.stringify(spec) }, noEffects());
const capabilities = { memoryMb: null, cores: null, wasm: [] };
const open = (at) => {
  const device = {
    number: at + 1,
    id: `dev_${at}`,
    volunteer: `v${at}`,
    prefix: null,
    class: 'chromium',
    capabilities,
  };
  return openSession(scheduler, device, 1).session;
};
const tabs = Array.from({ length: sessions }, (_, at) => ({ session: open(at), leases: [] }));

/** All results are the same, so that replicas agree. */
const body = new Uint8Array(bytes).fill(0x31);
const attempts = Array.from({ length: 256 }, (_, offset) => ({
  offset,
  outcome: OUTCOME.bytes,
  runMs: RUN_MS,
  body,
}));
const reportOf = ({ number, units: leased }) => ({
  epoch: 1,
  lease: number,
  ticket: null,
  attempts: leased.length === attempts.length ? attempts : attempts.slice(0, leased.length),
});

let now = 0;
let messages = 0;
let facts = 0;
let logged = 0;
const cpu = process.cpuUsage();
const began = performance.now();
while (job.completedAt === null) {
  now += batch * RUN_MS;
  const worked = messages;
  for (const tab of tabs) {
    const effects = noEffects();
    const reports = tab.leases.map(reportOf);
    tab.leases = exchange(scheduler, tab.session, { slots: 1, held: [], reports }, now, effects).granted;
    for (const list of effects.facts.values()) {
      facts += list.length;
      if (values.encode) logged += encodeFacts({ cause: 'exchange', facts: list }).byteLength;
    }
    if (reports.length > 0) messages += 1;
  }
  if (messages === worked && tabs.every(({ leases }) => leases.length === 0)) {
    throw new Error(`nothing is left to do, and ${job.counts.validated} of ${units} units are validated`);
  }
}
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(cpu);
const held = memory() - before;
const returned = job.counts.returned;
const rounded = (value) => Math.round(value * 1000) / 1000;
process.stdout.write(
  `${JSON.stringify({
    policy: values.policy,
    batch,
    bytes,
    sessions,
    units,
    attemptsPerUnit: rounded(returned / units),
    unitsPerMessage: rounded(returned / messages),
    factsPerUnit: rounded(facts / units),
    ...(values.encode ? { logBytesPerUnit: rounded(logged / units) } : {}),
    unitsPerSecond: Math.round(units / seconds),
    cpuMicrosPerUnit: rounded((user + system) / units),
    cpuMicrosPerAttempt: rounded((user + system) / returned),
    heapBytesPerUnit: Math.round(held / units),
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  })}\n`,
);
