// Appends to three shards as fast as it can, and prints `shard seq n` once each append is acknowledged. With a second
// argument their logs are made compact meanwhile.
import { openSqliteStores } from '../../dist/index.js';

const { log } = await openSqliteStores(process.argv[2], { log: { checkpointBytes: 200_000 } });

const bodyOf = (shard, seq, length) => Uint8Array.from({ length }, (_, place) => (shard * 31 + seq * 7 + place) % 251);

const run = async (shard) => {
  const { epoch } = await log.claim(shard, await log.epochOf(shard));
  let seq = 1;
  for await (const segment of log.read(shard, 0)) seq = segment.seq + segment.n;
  process.stdout.write(`epoch ${shard} ${epoch}\n`);
  for (;;) {
    const n = 1 + (seq % 5);
    const [outcome] = await log.append([{ shard, epoch, seq, n, body: bodyOf(shard, seq, (seq * 13) % 9_000) }]);
    if (outcome !== 'ok') throw new Error(outcome);
    process.stdout.write(`ok ${shard} ${seq} ${n}\n`);
    seq += n;
  }
};

const compact = async (shard) => {
  let upto = 0;
  for (;;) {
    const epoch = await log.epochOf(shard);
    const found = await log.compact(shard, epoch, upto, { mostBytes: 40_000, isOver: false });
    if (found === 'fenced') continue;
    ({ upto } = found);
    if (found.segments > 0) process.stdout.write(`compact ${shard} ${upto}\n`);
  }
};

await Promise.all(
  [1, 2, 3].flatMap((shard) => (process.argv[3] === undefined ? [run(shard)] : [run(shard), compact(shard)])),
);
