import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';

const SCRIPT = fileURLToPath(new URL('../../scripts/example.mjs', import.meta.url));

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the script behind `npm run example`, without npm and set-up before it. */
const example = async (...args: string[]): Promise<Ended> => {
  const child = spawn(process.execPath, [SCRIPT, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out, err };
};

const lastLine = ({ out }: Ended): unknown => JSON.parse(out.trimEnd().split('\n').at(-1)!);

test('E31: seti finds the tones that were put into its observation', { tag: '@long' }, async () => {
  const ended = await example('seti', '--columns', '65536', '--json');
  expect(ended.code, ended.err).toBe(0);
  const answer = { found: 8, falseHits: 0 };
  expect(lastLine(ended)).toMatchObject({ name: 'seti', ok: true, answer, expected: answer, units: 64 });
  expect(ended.err).toContain('SYNTHETIC');
});

test('E31: pi lies within the error bar of what its results come to', { tag: '@long' }, async () => {
  const ended = await example('pi', '--units', '100', '--json');
  expect(ended.code, ended.err).toBe(0);
  const answer = { pi: '3.14', isWithin: true };
  expect(lastLine(ended)).toMatchObject({ name: 'pi', ok: true, answer, expected: answer, units: 100 });
});

test('E31: primes counts as many primes as were published, through the real pipe', { tag: '@long' }, async () => {
  const ended = await example('primes', '--below', '1e7', '--json');
  expect(ended.code, ended.err).toBe(0);
  expect(lastLine(ended)).toEqual({
    name: 'primes',
    ok: true,
    answer: 664_579,
    expected: 664_579,
    units: 100,
    seconds: expect.any(Number),
  });
});

test('E31: render puts together a PNG whose tiles are those that are computed here', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gossamer-e2e-'));
  try {
    const file = join(folder, 'dusk.png');
    const ended = await example('render', '--width', '160', '--samples', '1', '--out', file, '--json');
    expect(ended.code, ended.err).toBe(0);
    const report = lastLine(ended) as { answer: { sampled: string }; expected: unknown };
    expect(report).toMatchObject({ name: 'render', ok: true, answer: { tiles: 160 }, units: 160 });
    expect(report.answer.sampled).toMatch(/^[0-9a-f]{64}$/);
    expect(report.expected).toEqual(report.answer);
    const png = await readFile(file);
    expect([...png.subarray(1, 4)].map((byte) => String.fromCharCode(byte)).join('')).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([160, 100]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test(
  'E31: align finds the relatives, with scores of the definition and of the literature',
  { tag: '@long' },
  async () => {
    const ended = await example('align', '--proteins', '1000', '--json');
    expect(ended.code, ended.err).toBe(0);
    const report = lastLine(ended) as { answer: { betaGlobin: number; relatives: string[] }; expected: unknown };
    expect(report).toMatchObject({ name: 'align', ok: true, answer: { betaGlobin: 293.5 }, units: 10 });
    expect(report.answer.relatives).toContain('HBB_HUMAN');
    expect(report.expected).toEqual(report.answer);
  },
);

test('E32: alone the command lists the examples; a wrong name or flag is refused', async () => {
  const list = await example();
  expect(list.code).toBe(0);
  for (const name of ['seti', 'primes', 'pi', 'render', 'align'])
    expect(list.out).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
  expect(list.out).not.toContain('harness');
  const unknown = await example('chess');
  expect(unknown).toMatchObject({ code: 2, out: '', err: expect.stringContaining('there is no example chess') });
  const cases: [string[], RegExp][] = [
    [['primes', '--below', '7'], /--below must be one of 1000000/],
    [['render', '--width', '100'], /--width must be a multiple of 16/],
    [['render', '--out', '/nowhere/at/all.png'], /cannot be written: ENOENT/],
    [['align', '--proteins', 'many'], /--proteins must be an integer from 100/],
    [['seti', '--tabs', '1'], /--tabs: 2 independent devices must agree/],
  ];
  for (const [args, says] of cases) {
    const ended = await example(...args);
    expect([args, ended.code, ended.out]).toEqual([args, 2, '']);
    expect(ended.err).toMatch(says);
  }
});
