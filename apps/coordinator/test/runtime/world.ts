import type { CreatedFact, Lease, Report, Session } from '@gossamer/core';
import { addJob, exchange, openSession } from '@gossamer/core';
import type { JobSpecInput } from '@gossamer/protocol';
import { JobSpec, OUTCOME, utf8 } from '@gossamer/protocol';
import { openSqliteStores } from '@gossamer/store';
import { pino } from 'pino';
import { readConfig } from '../../src/config.ts';
import { Committer } from '../../src/runtime/committer.ts';
import { GridLog } from '../../src/runtime/grid-log.ts';
import { Runtime } from '../../src/runtime/runtime.ts';
import { FaultyLog } from '../harness/faulty-log.ts';
import { afterwards, temporaryDirectory } from '../harness/grid.ts';

/** The runtime alone, on real SQLite behind a log that can fail. */
export const openWorld = async (directory = temporaryDirectory()) => {
  const opened = await openSqliteStores(directory);
  afterwards(() => opened.close());
  const log = new FaultyLog(opened);
  const { stores } = log;
  const committer = new Committer(stores.log);
  const grid = await GridLog.open(stores.log, committer, Date.now());
  const config = readConfig({ GOSSAMER_DATA: directory });
  const runtime = new Runtime(stores, committer, config, pino({ level: 'silent' }), grid, Date.now);
  await runtime.recover(grid.state.jobNumbers.values());
  afterwards(() => {
    log.flow();
    return runtime.close();
  });

  const createJob = async (number: number, units: number, spec: Partial<JobSpecInput> = {}): Promise<void> => {
    const source = { kind: 'range', start: 0, stop: units } as const;
    const policy = { kind: 'quorum', quorum: 1 } as const;
    const whole = JSON.stringify(JobSpec.parse({ name: 'job', program: 'a'.repeat(64), source, policy, ...spec }));
    const fact: CreatedFact = {
      kind: 'created',
      at: Date.now(),
      id: `job_${number}`,
      submitter: 'key',
      submitterName: 'somebody',
      total: units,
      spec: whole,
    };
    await runtime.openLog(number);
    await runtime.run('create', (effects) => void addJob(runtime.scheduler, number, fact, effects));
  };
  const session = (number: number): Session => {
    const id = `d${number}`;
    const capabilities = { memoryMb: null, cores: null, wasm: [] };
    const device = {
      number,
      id,
      volunteer: id,
      prefix: null,
      class: 'other',
      capabilities,
      apart: false,
      optedIn: false,
    } as const;
    return openSession(runtime.scheduler, device, 4).session;
  };
  const ask = (who: Session, slots: number, reports: Report[] = []) =>
    runtime.run('exchange', (effects) =>
      exchange(runtime.scheduler, who, { slots, held: [], reports }, Date.now(), effects),
    );
  return { runtime, grid, log, stores, committer, createJob, session, ask, directory };
};

export const reportOf = (lease: Lease, epoch: number, value: unknown = 1): Report => {
  const body = utf8(JSON.stringify(value));
  const attempts = [...lease.units].map((_, offset) => ({ offset, outcome: OUTCOME.json, runMs: 1, body }));
  const ticket = { epoch, number: lease.number, job: lease.job, units: [...lease.units] };
  return { epoch, lease: lease.number, ticket, attempts };
};

/** Whether a promise has settled by the time that everything which needs no more than a turn was done. */
export const settles = async (promise: Promise<unknown>, ms = 60): Promise<boolean> => {
  const done = promise.then(
    () => true,
    () => true,
  );
  return Promise.race([done, new Promise<boolean>((resolve) => setTimeout(resolve, ms, false))]);
};
