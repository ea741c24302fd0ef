// Appends to three shards as fast as it can, and prints `shard seq n` once each append is acknowledged.
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

await Promise.all([1, 2, 3].map(run));
