import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { ResultView } from '@gossamer/protocol';
import { ndjson, useGossamer } from './gossamer.ts';

const { coordinator, folder, run, write } = useGossamer();
const newest = () => coordinator.jobs.at(-1)!;
const MIB = 1024 * 1024;

beforeAll(() => write('double.ts', 'export const run = (x: number) => x * 2;'));

const stored = (bytes: Buffer, encoding: 'json' | 'bytes'): Pick<ResultView, 'blob'> => {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  coordinator.blobs.set(sha256, bytes);
  return { blob: { sha256, bytes: bytes.byteLength, encoding } as ResultView['blob'] };
};

const floats = Buffer.alloc(2 * MIB, 5);
const text = Buffer.from(JSON.stringify('x'.repeat(MIB)));

const create = async (...flags: string[]): Promise<string> => {
  const { stdout, stderr } = await run(['jobs', 'create', 'double.ts', '--range', '0..3', '--detach', ...flags]);
  expect(stderr).toContain('its inputs');
  return stdout.trim();
};

it('LB50: results of over 1 MiB are told by name and size, and nothing of them is read; --save writes them to files, whole', async () => {
  const id = await create('--result-bytes', String(4 * MIB));
  expect(newest().spec.limits.resultBytes).toBe(4 * MIB);
  const [first, second] = [stored(floats, 'bytes'), stored(text, 'json')];
  newest().finish(0, { ...first, type: 'float32' });
  newest().finish(1, second);
  newest().finish(2, { output: 7 });
  const lines = [
    { unit: 0, input: 0, ...first, type: 'float32' },
    { unit: 1, input: 1, ...second },
    { unit: 2, input: 2, output: 7 },
  ];
  const asked = coordinator.requests.length;
  const plain = await run(['jobs', 'results', id]);
  expect(ndjson(plain.stdout)).toEqual(lines);
  expect(coordinator.requests.slice(asked).filter((line) => line.includes('/blobs/'))).toEqual([]);
  const saved = await run(['jobs', 'results', id, '--save', 'out']);
  expect([saved.status, saved.stderr]).toEqual([0, '']);
  expect(ndjson(saved.stdout)).toEqual([
    { ...lines[0], file: 'out/0.bin' },
    { ...lines[1], file: 'out/1.json' },
    lines[2],
  ]);
  expect(readdirSync(join(folder, 'out')).sort()).toEqual(['0.bin', '1.json']);
  expect(Buffer.compare(readFileSync(join(folder, 'out/0.bin')), floats)).toBe(0);
  expect(Buffer.compare(readFileSync(join(folder, 'out/1.json')), text)).toBe(0);
});

it('LB50: what comes as something else than its name is an error, and leaves no file', async () => {
  const id = await create();
  const { blob } = stored(floats, 'bytes');
  coordinator.blobs.set(blob!.sha256, Buffer.alloc(2 * MIB, 6));
  newest().finish(0, { blob });
  const { status, stderr } = await run(['jobs', 'results', id, '--no-follow', '--save', 'none']);
  expect(status).not.toBe(0);
  expect(stderr).toContain('is something else');
  expect(readdirSync(join(folder, 'none'))).toEqual([]);
});
