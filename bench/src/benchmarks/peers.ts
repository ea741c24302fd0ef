import { loadavg } from 'node:os';
import { benchmark, type Row } from '../cli/benchmark.ts';
import { tryBullMq } from '../peers/bullmq.ts';
import { tryGraphileWorker } from '../peers/graphile-worker.ts';
import { installPackages, PACKAGES } from '../peers/packages.ts';
import { startPostgres } from '../peers/postgres.ts';
import { findPostgres, findRedis } from '../peers/programs.ts';
import type { Fsync } from '../peers/redis.ts';
import { startRedis } from '../peers/redis.ts';
import { fastest, type Trial } from '../peers/trial.ts';
import { round } from '../measure/round.ts';
import { hotpath } from './hotpath.ts';

/** Devices of our own runs: many when each message carries one unit. */
const OURS = [
  { batch: 64, clients: 32 },
  { batch: 1, clients: 1000 },
] as const;
const BYTES = 64;

const REDIS_DURABLE: Record<Fsync, string> = { always: 'fsync', everysec: 'no (every second)' };
const NO_POSTGRES = 'PostgreSQL (initdb, postgres) is not installed: apt-get install -y postgresql';
const NO_REDIS = 'redis-server is not installed: apt-get install -y redis-server';

interface Peer {
  name: string;
  version: string;
  durable: string;
  trials: Trial[];
}

const runGraphileWorker = async (programs: string, units: number): Promise<Peer> => {
  const postgres = await startPostgres(programs);
  try {
    const trials = await tryGraphileWorker(postgres, units);
    const version = `${PACKAGES['graphile-worker']} on PostgreSQL ${postgres.version}`;
    return { name: 'graphile-worker', version, durable: 'fsync', trials };
  } finally {
    await postgres.remove();
  }
};

const runBullMq = async (program: string, fsync: Fsync, units: number): Promise<Peer> => {
  const redis = await startRedis(program, fsync);
  try {
    const trials = await tryBullMq(redis, units);
    const version = `${PACKAGES.bullmq} on Redis ${redis.version}`;
    return { name: 'BullMQ', version, durable: REDIS_DURABLE[fsync], trials };
  } finally {
    await redis.remove();
  }
};

/** The peers that can be run here, one after the other; what is missing is said, and left out. */
const runPeers = async (units: number, say: (line: string) => void): Promise<{ peers: Peer[]; missing: string[] }> => {
  const missing: string[] = [];
  const miss = (what: string): void => {
    missing.push(what);
    say(what);
  };
  const [postgres, redis] = await Promise.all([findPostgres(), findRedis()]);
  if (postgres === null) miss(NO_POSTGRES);
  if (redis === null) miss(NO_REDIS);
  const peers: Peer[] = [];
  if (postgres === null && redis === null) return { peers, missing };
  try {
    await installPackages(say);
  } catch (error) {
    miss(`the packages of the peers could not be installed: ${error instanceof Error ? error.message : String(error)}`);
    return { peers, missing };
  }
  if (postgres !== null) {
    say('graphile-worker');
    peers.push(await runGraphileWorker(postgres, units));
  }
  if (redis !== null) {
    for (const fsync of ['always', 'everysec'] as const) {
      say(`BullMQ, appendfsync ${fsync}`);
      peers.push(await runBullMq(redis, fsync, units));
    }
  }
  return { peers, missing };
};

/** Our coordinator beside job queues that people run, on units that do nothing, on the same machine in the same run. */
export const peers = benchmark({
  name: 'peers',
  about: 'units that do nothing a second, beside graphile-worker and BullMQ on the same machine, in turn',
  options: {
    units: {
      about: 'units of each peer with each setting; it is given a minute',
      value: 20_000,
      least: 100,
      most: 1e6,
    },
    seconds: { about: 'length of each of our own measurements', value: 10, least: 1, most: 600 },
  },
  async run({ units, seconds }, { say, execArgv }) {
    // They run in turn: others who come and go on the machine meanwhile distort the ratios.
    const loadBefore = loadavg()[0]!;
    const ours: Row[] = [];
    for (const { batch, clients } of OURS) {
      say(`Gossamer, ${batch} a message`);
      ours.push(await hotpath.run({ batch, clients, quorum: 1, bytes: BYTES, seconds }, { say, execArgv }));
    }
    const found = await runPeers(units, say);
    const [many, one] = ours.map((row) => Number(row['unitsPerSecond']));
    const rows = found.peers.map(({ trials, ...peer }) => {
      const { setting, unitsPerSecond, done } = fastest(trials);
      return {
        ...peer,
        setting,
        unitsPerSecond,
        ratio: round(many! / unitsPerSecond),
        ratioOneAMessage: round(one! / unitsPerSecond),
        done,
        checked: trials.every(({ checked }) => checked),
        trials,
      };
    });
    return {
      ours: { batch64: ours[0], batch1: ours[1] },
      peers: rows,
      missing: found.missing,
      loadAverageBefore: round(loadBefore),
      checked: [...ours, ...rows].every(({ checked }) => checked === true),
    };
  },
  rows({ ours, peers: found }) {
    const own = Object.values(ours as Record<string, Row>).map((row) => ({
      ...row,
      name: 'Gossamer',
      setting: `${String(row['batch'])} units a message, ${String(row['clients'])} devices`,
      durable: 'fsync',
    }));
    return [...own, ...(found as Row[])];
  },
  reported: [{}],
  columns: [
    ['name', 'who'],
    ['version', 'version'],
    ['setting', 'setting'],
    ['durable', 'durable'],
    ['unitsPerSecond', 'units/s'],
    ['ratio', 'Gossamer, 64 a message: times as fast'],
    ['ratioOneAMessage', 'one a message: times as fast'],
    ['checked', 'checked'],
  ],
});
