import type { Problem } from '@gossamer/protocol';
import { openSqliteStores } from '@gossamer/store';
import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { closeSync, cpSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withKey } from '../harness/child.ts';
import { report, TestDevice } from '../harness/device.ts';
import { afterwards, eventually, Rest, temporaryDirectory } from '../harness/grid.ts';
import { openImage } from '../harness/audit.ts';
import { lend } from '../harness/lend.ts';

/** Only ends what hangs. */
const TIMEOUT_MS = 400_000;
const UNITS = 120;
/** So many bytes a result that the whole, deflated, is far larger than what a connection to the log keeps in memory. */
const RESULT_BYTES = 60_000;
const ALTERED = 10;

/** Looks random, so that it is hardly shorter when it is deflated. */
const noise = (unit: number): string => {
  let text = '';
  for (let part = 0; text.length < RESULT_BYTES; part++)
    text += createHash('sha256').update(`${unit} ${part}`).digest('base64url');
  return text;
};

const textOf = (unit: number): string => `"result-of-unit-${unit}-${noise(unit)}"`;

/** Alters a byte of the segment that holds one result, where it lies in the database. */
const alter = (data: string, seq: number): void => {
  const path = join(data, 'log.db');
  const database = new Database(path, { readonly: true });
  const row = database.prepare<[number], { body: Buffer }>('SELECT body FROM segment WHERE shard = 1 AND seq = ?');
  const { body } = row.get(seq)!;
  database.close();
  const file = readFileSync(path);
  const middle = Math.floor(body.byteLength / 2);
  // Where a page of the file ends within the piece, the next one is whole.
  const at = [0, 100, 200]
    .map((step) => file.indexOf(body.subarray(middle + step, middle + step + 50)))
    .find((place) => place >= 0);
  expect(at).toBeDefined();
  const handle = openSync(path, 'r+');
  writeSync(handle, Buffer.of(file[at!]! ^ 0x10), 0, 1, at!);
  closeSync(handle);
};

/** Makes the log compact to its end, so that the next start finds nothing to do: what it does not rewrite can be altered. */
const makeCompact = async (data: string): Promise<void> => {
  const { log, close } = await openSqliteStores(data);
  const epoch = await log.epochOf(1);
  for (let upto = 0; ;) {
    const found = await log.compact(1, epoch, upto, { mostBytes: 256 * 1024, isOver: true });
    if (found === 'fenced') throw new Error('fenced');
    if (found.segments === 0) break;
    ({ upto } = found);
  }
  await close();
};

/** A job that is done, written through to the database, and a copy of all of it. */
const written = async () => {
  const data = temporaryDirectory();
  const child = withKey(data);
  const rest = new Rest((await child.ready).port);
  const { id, number } = await rest.submit(UNITS);
  const device = new TestDevice();
  afterwards(() => device.close());
  await device.signIn(Number(new URL(rest.url).port));
  const isDone = async () => (await rest.job(id)).state === 'completed';
  await lend(device, isDone, (lease) => report(lease, textOf));
  expect(await child.kill('SIGTERM')).toBe(0);
  await makeCompact(data);
  const backup = temporaryDirectory();
  cpSync(data, backup, { recursive: true });
  return { data, backup, id, number, seq: await placeOf(backup, number) };
};

/** The first fact of the segment that holds the result. */
const placeOf = async (backup: string, number: number): Promise<number> => {
  const { log } = await openImage(backup);
  for await (const { seq, body } of log.read(number, 0)) {
    if (Buffer.from(body).includes(`result-of-unit-${ALTERED}-`)) return seq;
  }
  throw new Error('the result is in no segment');
};

test(
  'CR13: a log whose middle was altered is refused at start, with the place and the way out, and a backup is one',
  async () => {
    const { data, backup, id, number, seq } = await written();
    alter(data, seq);
    const child = withKey(data);
    expect(await Promise.race([child.ended, child.ready])).toBe(1);
    const lines = child.stderr.trim().split('\n');
    expect(child.stderr).toContain(join(data, 'log.db'));
    expect(child.stderr).toMatch(new RegExp(`the log of shard ${number} is damaged at fact ${seq}: `));
    expect(child.stderr).toMatch(
      /the log of a job.*[Rr]estore the data directory from a backup.*docs\/operations\.md/s,
    );
    expect(lines.length).toBeLessThan(6);
    expect(child.stderr).not.toMatch(/\n\s+at /);

    const restored = temporaryDirectory();
    for (const name of ['log.db', 'blobs']) cpSync(join(backup, name), join(restored, name), { recursive: true });
    const rest = new Rest((await withKey(restored).ready).port);
    const results = await rest.allResults(id, 1000);
    expect(results).toHaveLength(UNITS);
  },
  TIMEOUT_MS,
);

test(
  'CR14: what is altered while it runs is never given out as a result; the rest of the grid goes on',
  async () => {
    const { data, number, id, seq } = await written();
    const child = withKey(data, { GOSSAMER_LOG_LEVEL: 'error' });
    const { port } = await child.ready;
    const rest = new Rest(port);
    const other = await rest.submit(20);
    alter(data, seq);
    const response = await rest.call('GET', `/v1/jobs/${id}/units/${ALTERED}/result`);
    expect(response.status).toBe(500);
    expect(((await response.json()) as Problem).code).toBe('internal');
    await eventually(() => expect(child.stdout).toMatch(new RegExp(`the log of shard ${number} is damaged at fact`)));
    const device = new TestDevice();
    afterwards(() => device.close());
    await device.signIn(port);
    const isDone = async () => (await rest.job(other.id)).state === 'completed';
    await lend(device, isDone, (lease) => report(lease));
    expect(await rest.allResults(other.id)).toHaveLength(20);
    expect(await child.kill('SIGTERM')).toBe(0);
    expect(await withKey(data).ended).toBe(1);
  },
  TIMEOUT_MS,
);
