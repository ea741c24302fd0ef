import { expect, test } from 'vitest';
import { chanceOfTest, pause } from '../harness/chance.ts';
import { withKey } from '../harness/child.ts';
import { TestDevice } from '../harness/device.ts';
import { afterwards, Rest, temporaryDirectory } from '../harness/grid.ts';
import { lend } from '../harness/lend.ts';
import { append, close, echo, submitStream } from './stream.ts';

const KILLS = Number(process.env['GOSSAMER_KILLS'] ?? 4);
const PIECE = 50;

const piece = (first: number): string => Array.from({ length: PIECE }, (_, at) => `{"n":${first + at}}\n`).join('');

test('IT13: after kill -9 at any moment of an append, whoever goes on where it stopped has each input once', async () => {
  const chance = chanceOfTest();
  const data = temporaryDirectory();
  let sent = 0;
  let id = '';
  for (let kill = 1; kill <= KILLS; kill++) {
    const child = withKey(data);
    const rest = new Rest((await child.ready).port);
    if (id === '') ({ id } = await submitStream(rest));
    // What was acknowledged is there; what was not may be.
    const { total } = (await rest.job(id)).units;
    expect([sent, sent + PIECE]).toContain(total);
    const until = Date.now() + 30 + chance() * 150;
    let isOver = false;
    const killed = pause(until - Date.now())
      .then(() => child.kill())
      .then(() => (isOver = true));
    while (!isOver) {
      try {
        const there = await append(rest, id, sent, piece(sent));
        expect(there).toBe(sent + PIECE);
        sent = there;
      } catch {
        break;
      }
    }
    await killed;
  }
  const child = withKey(data);
  const { port } = await child.ready;
  const rest = new Rest(port);
  // Sent again: it is there already, or it is not.
  sent = await append(rest, id, sent, piece(sent));
  await close(rest, id);
  const device = new TestDevice();
  afterwards(() => device.close());
  await device.signIn(port);
  await lend(device, async () => (await rest.job(id)).state === 'completed', echo);
  const results = await rest.allResults(id, 1000);
  expect(results).toHaveLength(sent);
  for (const { unit, output } of results) expect(output).toEqual({ n: unit });
}, 300_000);
