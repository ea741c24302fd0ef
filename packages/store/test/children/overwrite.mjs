// Appends pairs of texts to the grid's own log, and rows of other logs beside them; overwrites one pair after the other,
// and prints `gone N` once that is done.
import { openSqliteStores } from '../../dist/index.js';

const { log } = await openSqliteStores(process.argv[2]);
const { epoch } = await log.claim(0, await log.epochOf(0));
await log.claim(1, await log.epochOf(1));
const rows = [];
for await (const segment of log.read(0, 0)) rows.push(segment);
let seq = rows.length + 1;
let other = 1;
for await (const segment of log.read(1, 0)) other = segment.seq + segment.n;
const owner = await log.epochOf(1);
const text = (name) => Buffer.from(`secret-${name}-${'x'.repeat(80)}`);

for (;;) {
  const first = seq;
  await log.append([
    { shard: 0, epoch, seq: seq++, n: 1, body: text(`${first}-a`) },
    { shard: 0, epoch, seq: seq++, n: 1, body: text(`${first}-b`) },
    { shard: 1, epoch: owner, seq: other++, n: 1, body: Buffer.alloc(700, 7) },
  ]);
  process.stdout.write(`there ${first}\n`);
  const bodies = [`${first}-a`, `${first}-b`].map((name, place) => ({
    seq: first + place,
    body: Buffer.alloc(text(name).length, 32),
  }));
  if ((await log.overwrite(epoch, bodies)) !== 'ok') throw new Error('fenced');
  process.stdout.write(`gone ${first}\n`);
}
