import type { CreatedFact, Device, Effects, Scheduler, Session } from '@gossamer/core';
import {
  addJob,
  createScheduler,
  decodeFacts,
  encodeFacts,
  exchange,
  knowDevice,
  noEffects,
  openSession,
} from '@gossamer/core';
import { OUTCOME } from '@gossamer/protocol';
import type { LogStore } from '@gossamer/store';
import { SqliteLogStore } from '@gossamer/store';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { writeResult } from './results.ts';

const timing = { sessionGraceMs: 10_000, heartbeatMs: 10_000, leaseTargetMs: 2000 };
const hash = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
/** Segments that go into one commit. */
const SEGMENTS_A_COMMIT = 256;

const createdOf = async (log: LogStore, shard: number): Promise<{ fact: CreatedFact; facts: number }> => {
  let fact: CreatedFact | null = null;
  let facts = 0;
  for await (const { body, n } of log.read(shard, 0)) {
    facts += n;
    for (const each of decodeFacts(body)) if (each.kind === 'created') fact = each;
  }
  if (fact === null) throw new Error(`shard ${shard} has no job`);
  return { fact, facts };
};

/** Devices of the prefilled results: as many as a quorum needs, of volunteers of their own. */
const enlist = (scheduler: Scheduler, count: number): { device: Device; session: Session }[] =>
  Array.from({ length: count }, (_, at) => {
    const number = at + 1;
    const device: Device = {
      number,
      id: `dev_${number}`,
      volunteer: `volunteer ${number}`,
      prefix: null,
      class: 'other',
      capabilities: { memoryMb: null, cores: null, wasm: [] },
      apart: false,
      optedIn: false,
    };
    knowDevice(scheduler, device);
    return { device, session: openSession(scheduler, device, 1).session };
  });

/**
 * Writes results of a job's first `units` units into its log, as the coordinator would have: the real core decides,
 * exchange by exchange, and its facts go through the real store. Gives how many results it wrote: leases are whole. The
 * coordinator must have ended.
 */
export const prefill = async (
  data: string,
  shard: number,
  { units, batch, bytes, quorum }: { units: number; batch: number; bytes: number; quorum: number },
): Promise<number> => {
  const log = await SqliteLogStore.open(join(data, 'log.db'));
  try {
    const { fact, facts } = await createdOf(log, shard);
    const claimed = await log.claim(shard, await log.epochOf(shard));
    const scheduler = createScheduler({ epoch: 1, timing, hash, chance: Math.random });
    const job = addJob(scheduler, shard, fact, noEffects());
    job.leaseCap = batch;
    const crew = enlist(scheduler, quorum);
    const reports = crew.map((): Parameters<typeof exchange>[2]['reports'] => []);
    let seq = facts + 1;
    let waiting: Parameters<LogStore['append']>[0][number][] = [];
    let writing: Promise<unknown> = Promise.resolve();
    const flush = async (): Promise<void> => {
      await writing;
      writing = log.append(waiting);
      waiting = [];
    };
    const keep = async (effects: Effects): Promise<void> => {
      const found = effects.facts.get(shard);
      if (found === undefined) return;
      const body = encodeFacts({ cause: 'exchange:1:1:1:1', facts: found });
      waiting.push({ shard, epoch: claimed!.epoch, seq, n: found.length, body });
      seq += found.length;
      if (waiting.length >= SEGMENTS_A_COMMIT) await flush();
    };
    while (job.counts.validated < units) {
      for (const [at, { session }] of crew.entries()) {
        const effects = noEffects();
        const answer = exchange(scheduler, session, { slots: 1, held: [], reports: reports[at]! }, Date.now(), effects);
        reports[at] = answer.granted.map((lease) => {
          const bodies = new Uint8Array(lease.units.length * bytes);
          const attempts = Array.from(lease.units, (unit, offset) => {
            const body = bodies.subarray(offset * bytes, (offset + 1) * bytes);
            writeResult(body, unit);
            return { offset, outcome: OUTCOME.bytes, runMs: 0, body };
          });
          return { epoch: 1, lease: lease.number, ticket: null, attempts };
        });
        await keep(effects);
      }
    }
    await flush();
    await writing;
    return job.counts.returned;
  } finally {
    await log.close();
  }
};
