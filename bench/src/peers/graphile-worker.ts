import { wait } from '../measure/wait.ts';
import { Ledger } from './ledger.ts';
import { loadPackage } from './packages.ts';
import type { Pool, Postgres } from './postgres.ts';
import type { Trial } from './trial.ts';

/** What is needed of `graphile-worker`. */
interface GraphileWorker {
  run(options: object): Promise<{ stop(): Promise<void> }>;
  runMigrations(options: object): Promise<void>;
  Logger: new (factory: () => () => void) => object;
}

/** As its own measurement of its speed has it. */
const CONCURRENT_JOBS = 24;
const QUEUE_POLL_MS = 2;
const FLUSH_MS = 5000;

interface Setting {
  readonly about: string;
  readonly worker: object;
}

/** Its documentation on performance recommends the second; the first one is what comes without a word. */
const SETTINGS: readonly Setting[] = [
  { about: `${CONCURRENT_JOBS} concurrent jobs`, worker: {} },
  {
    about: `${CONCURRENT_JOBS} concurrent jobs, local queue of 500, completions in batches`,
    worker: { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 },
  },
];

const ADD = `
  SELECT count(graphile_worker.add_job('unit', json_build_object('unit', unit)))
  FROM generate_series(0, $1::integer - 1) AS unit`;
const LEFT = 'SELECT count(*)::integer AS n FROM graphile_worker._private_jobs';
const IS_EMPTY = 'SELECT NOT EXISTS (SELECT FROM graphile_worker._private_jobs) AS is';

/** Resolves when the completions of all jobs are in the database: those in batches come after the job's own end. */
const allWritten = async (pool: Pool): Promise<void> => {
  const deadline = performance.now() + FLUSH_MS;
  while (performance.now() < deadline) {
    if ((await pool.query<{ is: boolean }>(IS_EMPTY)).rows[0]!.is) return;
    await wait(QUEUE_POLL_MS);
  }
};

const tryOne = async (postgres: Postgres, units: number, { about, worker }: Setting): Promise<Trial> => {
  const graphile = loadPackage<GraphileWorker>('graphile-worker');
  const pool = postgres.pool(CONCURRENT_JOBS + 2);
  try {
    const logger = new graphile.Logger(() => () => {});
    await graphile.runMigrations({ pgPool: pool, logger });
    await pool.query(ADD, [units]);
    const ledger = new Ledger(units);
    const runner = await graphile.run({
      pgPool: pool,
      logger,
      noHandleSignals: true,
      parsedCronItems: [],
      taskList: { unit: (payload: { unit: number }) => ledger.add(payload.unit) },
      preset: { worker: { concurrentJobs: CONCURRENT_JOBS, maxPoolSize: CONCURRENT_JOBS + 2, ...worker } },
    });
    await ledger.all();
    if (ledger.done === units) await allWritten(pool);
    const unitsPerSecond = Math.round(ledger.rate());
    await runner.stop();
    const left = (await pool.query<{ n: number }>(LEFT)).rows[0]!.n;
    const checked = ledger.repeated === 0 && ledger.done + left === units;
    await pool.query('TRUNCATE graphile_worker._private_jobs');
    return { setting: about, unitsPerSecond, done: ledger.done, checked };
  } finally {
    await pool.end();
  }
};

/** Every setting on the same server, one after the other. */
export const tryGraphileWorker = async (postgres: Postgres, units: number): Promise<Trial[]> => {
  const trials: Trial[] = [];
  for (const setting of SETTINGS) trials.push(await tryOne(postgres, units, setting));
  return trials;
};
