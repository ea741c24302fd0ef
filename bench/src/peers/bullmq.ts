import { Ledger } from './ledger.ts';
import { loadPackage } from './packages.ts';
import type { Redis } from './redis.ts';
import type { Trial } from './trial.ts';

interface Job {
  data: { unit: number };
}
/** What is needed of `bullmq`. */
interface BullMq {
  Queue: new (
    name: string,
    options: object,
  ) => {
    addBulk(jobs: readonly object[]): Promise<unknown>;
    getJobCountByTypes(...types: string[]): Promise<number>;
    close(): Promise<void>;
  };
  Worker: new (
    name: string,
    process: (job: Job) => Promise<void>,
    options: object,
  ) => {
    run(): Promise<void>;
    on(event: 'completed', listener: (job: Job) => void): void;
    on(event: 'error', listener: (error: Error) => void): void;
    close(): Promise<void>;
  };
}

const CONCURRENCY = [50, 100, 200];
/** Jobs that are added at once. */
const BULK = 1000;

const tryOne = async (redis: Redis, units: number, concurrency: number): Promise<Trial> => {
  const { Queue, Worker } = loadPackage<BullMq>('bullmq');
  const connection = { path: redis.socket };
  const name = `units-${concurrency}`;
  const queue = new Queue(name, { connection });
  const add = async (from: number): Promise<void> => {
    const count = Math.min(BULK, units - from);
    const jobs = Array.from({ length: count }, (_, at) => ({ name: 'unit', data: { unit: from + at } }));
    await queue.addBulk(jobs.map((job) => ({ ...job, opts: { removeOnComplete: true } })));
  };
  try {
    for (let from = 0; from < units; from += BULK) await add(from);
    const ledger = new Ledger(units);
    let ran = 0;
    const process = async (): Promise<void> => void (ran += 1);
    const worker = new Worker(name, process, { connection, concurrency, autorun: false });
    const failures: Error[] = [];
    worker.on('error', (error) => failures.push(error));
    // It is told when Redis has answered: from then on the unit is as durable as Redis makes it.
    worker.on('completed', ({ data }) => ledger.add(data.unit));
    const running = worker.run();
    await ledger.all();
    const unitsPerSecond = Math.round(ledger.rate());
    await worker.close();
    await running;
    if (failures.length > 0) throw failures[0]!;
    const left = await queue.getJobCountByTypes('waiting', 'active', 'delayed', 'failed', 'prioritized', 'completed');
    const checked = ledger.repeated === 0 && ran === ledger.done && ledger.done + left === units;
    return { setting: `concurrency ${concurrency}`, unitsPerSecond, done: ledger.done, checked };
  } finally {
    await queue.close();
  }
};

/** Every concurrency on the same server, one after the other. */
export const tryBullMq = async (redis: Redis, units: number): Promise<Trial[]> => {
  const trials: Trial[] = [];
  for (const concurrency of CONCURRENCY) trials.push(await tryOne(redis, units, concurrency));
  return trials;
};
