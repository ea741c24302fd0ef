import type { Job, JobFact } from '@gossamer/core';
import { applyFact, attemptCounts, createJob, decodeFacts, durableBytes, jobState, unitCounts } from '@gossamer/core';
import type { DeviceView, JobView, Page } from '@gossamer/protocol';
import type { LogStore, Stores } from '@gossamer/store';
import { openSqliteStores } from '@gossamer/store';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Deliveries } from './deliveries.ts';
import type { Rest } from './grid.ts';
import { afterwards, temporaryDirectory } from './grid.ts';
import { faultsOf, replay } from './replay.ts';

const hash = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/**
 * The log as it lies on disk now, in a directory of its own: looking at it leaves what a crash left to the next start.
 * Without the index of the write-ahead log, which a crash of the machine takes, too.
 */
export const imageOf = (data: string): string => {
  const image = temporaryDirectory();
  // First the write-ahead log: what a checkpoint moves meanwhile is then in both.
  for (const name of ['log.db-wal', 'log.db']) {
    if (existsSync(join(data, name))) copyFileSync(join(data, name), join(image, name));
  }
  return image;
};

export const openImage = async (image: string): Promise<Stores> => {
  const stores = await openSqliteStores(image);
  afterwards(() => stores.close());
  return stores;
};

/** As the coordinator folds at its start: segment by segment. */
const foldSegments = async (log: LogStore, number: number): Promise<Job | null> => {
  let job: Job | null = null;
  for await (const { body } of log.read(number, 0, 10_000)) {
    for (const fact of decodeFacts(body)) {
      if (job !== null) applyFact(job, fact);
      else if (fact.kind === 'created') job = createJob(number, fact, hash);
    }
  }
  return job;
};

export interface Audited {
  job: Job;
  facts: JobFact[];
  /** In words; empty when all is well. */
  faults: string[];
}

/** Holds a job's log against what was sent and acknowledged, and against the core's own invariants. */
export const audit = async (log: LogStore, number: number, deliveries: Deliveries, upto?: number): Promise<Audited> => {
  const { job, facts } = await replay(log, number);
  if (job === null) throw new Error(`job ${number} has no log`);
  const again = await foldSegments(log, number);
  const faults = [...deliveries.faultsOf(number, facts, upto), ...faultsOf(job)];
  if (!Buffer.from(durableBytes(job)).equals(durableBytes(again!))) faults.push(`job ${number}: two folds differ`);
  return { job, facts, faults: faults.slice(0, 20) };
};

/** What a coordinator says of itself. */
export interface Told {
  jobs: JobView[];
  devices: DeviceView[];
}

/**
 * To be asked while nothing is under way. Time alone may bring something about, as at the end of a job: it is asked
 * until nothing has changed in between.
 */
export const askAll = async (rest: Rest): Promise<Told> => {
  const jobsNow = async () => (await rest.json<Page<JobView>>('GET', '/v1/jobs?limit=1000')).items;
  let jobs = await jobsNow();
  for (;;) {
    const { items: devices } = await rest.json<Page<DeviceView>>('GET', '/v1/devices?limit=1000');
    const [before, after] = [jobs, await jobsNow()];
    if (JSON.stringify(before.map(saidOf)) === JSON.stringify(after.map(saidOf))) return { jobs: after, devices };
    jobs = after;
  }
};

const durableOf = (job: Job) => {
  const { total, validated, failed, provisional } = unitCounts(job);
  const { leased: _, ...attempts } = attemptCounts(job);
  const { completedAt } = job;
  return { state: jobState(job), completedAt, units: { total, validated, failed, provisional }, attempts };
};

const saidOf = ({ state, completedAt, units, attempts }: JobView): ReturnType<typeof durableOf> => {
  const { total, validated, failed, provisional } = units;
  const { leased: _, ...counted } = attempts;
  return { state, completedAt, units: { total, validated, failed, provisional }, attempts: counted };
};

/** What the coordinator said, beside what its log gives up to the same facts. Equal when all is well. */
export const compareTold = async (log: LogStore, { jobs, devices }: Told) => {
  const folded: Job[] = [];
  for (const { number, fact } of jobs) {
    const { facts } = await replay(log, number);
    const [created, ...others] = facts.slice(0, fact);
    if (created?.kind !== 'created') throw new Error(`job ${number} has no beginning`);
    const job = createJob(number, created, hash);
    for (const other of others) applyFact(job, other);
    folded.push(job);
  }
  const accountOf = (device: number) => {
    const sum = { valid: 0, invalid: 0, waiting: 0, errored: 0, revoked: 0, credit: 0 };
    for (const { accounts } of folded) {
      const account = accounts.get(device);
      if (account === undefined) continue;
      for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += account[key];
    }
    return { device, ...sum };
  };
  return {
    said: {
      jobs: jobs.map(saidOf),
      devices: devices.map(({ number, valid, invalid, waiting, errored, revoked, credit }) => {
        return { device: number, valid, invalid, waiting, errored, revoked, credit };
      }),
    },
    folded: { jobs: folded.map(durableOf), devices: devices.map(({ number }) => accountOf(number)) },
  };
};
