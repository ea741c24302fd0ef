import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProgramCase } from './suite/case.ts';
import { main } from './suite/command/main.ts';
import type { SuiteReport } from './suite/command/report.ts';
import { caseReport, strayHits } from './suite/command/report.ts';
import { suite } from './suite/command/suite.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gossamer-cage-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

const cage = async (...args: string[]): Promise<Ran> => {
  let [stdout, stderr] = ['', ''];
  const code = await main(args, { out: (text) => void (stdout += text), err: (text) => void (stderr += text) });
  return { code, stdout, stderr };
};

const last = ({ stdout }: Ran): unknown => JSON.parse(stdout.trimEnd().split('\n').at(-1)!);

const program = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

const GREEDY = `export const run = async (x: number, ctx: { params: { http: string }; log(line: string): void }) => {
  ctx.log('at ' + x);
  return fetch(ctx.params.http).then(() => 'out', (error: unknown) => String(error));
};`;

test('CS3: `cage run FILE` tells outcome, log, hits, and whether the walls held', async () => {
  const ran = await cage('run', program('greedy.ts', GREEDY), '--input', '7', '--json');
  expect(last(ran)).toMatchObject({
    browser: 'chromium',
    outcome: { kind: 'error', phase: 'run', message: expect.stringContaining('fetch is not defined') },
    end: { kind: 'done' },
    logs: [[0, 'at 7']],
    attackerHits: 0,
    wrong: [],
  });
  expect(ran.code).toBe(0);
});

test('CS4: without its walls `cage run` sees the attacker reached, says so, and exits with 1', async () => {
  const ran = await cage('run', program('greedy.ts', GREEDY), '--without', 'all');
  expect(ran.stdout).toContain('"out"');
  expect(ran.stdout).toContain('the attacker got GET /');
  expect(ran.code).toBe(1);
});

test('CS5: mistakes in the arguments are said, with exit code 2', async () => {
  const mistakes: [string[], RegExp][] = [
    [[], /run FILE/],
    [['run'], /one program file/],
    [['run', join(folder, 'none.js')], /none\.js cannot be read: ENOENT/],
    [['run', program('wrong.ts', 'const = 1')], /wrong\.ts is no TypeScript/],
    [['run', program('good.js', ''), '--input', '{'], /--input \{: expected JSON/],
    [['run', program('good.js', ''), '--deadline', 'soon'], /--deadline soon: expected a whole number/],
    [['run', program('good.js', ''), '--without', 'roof'], /--without roof: expected scrub/],
    [['suite', '--browser', 'lynx'], /--browser lynx: expected chromium or firefox/],
    [['suite', '--on', 'roof'], /--on roof: expected suite, product or all/],
    [['suite', '--roof'], /roof/],
  ];
  for (const [args, says] of mistakes) {
    const { code, stderr, stdout } = await cage(...args);
    expect([args, stderr]).toEqual([args, expect.stringMatching(says)]);
    expect([code, stdout]).toEqual([2, '']);
  }
});

test('CS6: the suite ends with one object: browser, counts, hits and every case', async () => {
  const ran = await cage('suite', '--only', 'ambient: fetch', '--json');
  expect(last(ran)).toMatchObject({
    browser: 'chromium',
    without: [],
    passed: 2,
    failed: 0,
    open: 0,
    attackerHits: 0,
    cases: [
      { name: 'fetch', family: 'ambient', outcome: 'passed' },
      { name: expect.stringMatching(/^fetch \(as a job/), family: 'ambient', outcome: 'passed' },
    ],
  });
  expect(ran.code).toBe(0);
  const taken = await cage('suite', '--only', 'ambient: fetch', '--without', 'all', '--on', 'suite', '--json');
  expect(last(taken)).toMatchObject({ without: ['scrub', 'csp', 'allowlist'], passed: 0, failed: 1 });
  expect((last(taken) as { attackerHits: number }).attackerHits).toBeGreaterThan(0);
  expect(taken.code).toBe(1);
});

test('CS7: a hit that no case tells of fails the suite', () => {
  const told = caseReport({ name: 'a', family: 'frame', wrong: ['the attacker got CONNECT'], isOpen: true });
  expect(told.outcome).toBe('open');
  expect(strayHits(1, [told])).toEqual([]);
  expect(strayHits(2, [told]).map(caseReport)).toMatchObject([{ family: 'attacker', outcome: 'failed' }]);
});

test('CS9: a program that comes to another end than its case names fails the suite, wherever it runs', async () => {
  const programCase = (name: string, program: string, more: Partial<ProgramCase> = {}): ProgramCase => ({
    name,
    family: 'ambient',
    program,
    expect: { value: 'held' },
    ...more,
  });
  const programs = [
    programCase('is held', 'export const run = () => "held";'),
    programCase('escapes', 'export const run = () => "escaped";'),
    programCase('is taken', 'export const run = () => "held";', { asJob: { refused: 'program-imports', says: /./ } }),
    programCase('is refused', 'export default 1; export const main = () => 1;', {
      expect: { error: 'load' },
      asJob: { refused: 'program-invalid', says: /./ },
    }),
  ];
  let text = '';
  const code = await suite(['--json'], (more) => void (text += more), { programs, frames: [] });
  const { cases } = JSON.parse(text) as SuiteReport;
  const [own, jobs] = [cases.slice(0, 4), cases.slice(4)];
  expect(own.map(({ outcome }) => outcome)).toEqual(['passed', 'failed', 'passed', 'passed']);
  expect(jobs.map(({ outcome }) => outcome)).toEqual(['passed', 'failed', 'failed', 'failed']);
  expect(jobs.flatMap(({ wrong = [] }) => wrong)).toEqual([
    expect.stringContaining('"escaped"'),
    expect.stringMatching(/took it, .*program-imports/),
    expect.stringMatching(/refused it: program-exports/),
  ]);
  expect(code).toBe(1);
});
