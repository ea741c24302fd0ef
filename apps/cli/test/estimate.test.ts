import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { estimateLines, estimateOf } from '../src/local/estimate.ts';
import { useGossamer } from './gossamer.ts';

const { coordinator, run, write } = useGossamer();

const job = { number: 1, name: 'other', submitter: 'sue', units: 5, validated: 0, data: [] };
const gridOf = (sessions: number, jobs = [job]) => ({ sessions, jobs });

describe('what a job of many units would take', () => {
  it('LR11: run time is units times quorum times what one took, and the connected devices share it', () => {
    const estimate = estimateOf(800, { units: 1000, quorum: 2 }, gridOf(10));
    expect(estimate).toEqual({
      units: 1000,
      quorum: 2,
      attempts: 2000,
      unitMs: 800,
      atMost: false,
      computeMs: 1_600_000,
      grid: { known: true, devices: 10, otherJobs: 1, wallMs: 160_000 },
    });
    expect(estimateLines(estimate)).toEqual([
      'estimate: 1,000 units at quorum 2: 27 min of CPU time, for 2,000 attempts of 800 ms',
      'estimate: 10 devices are connected now: on those it is about 3 min, if each runs one unit at a time, as fast as this machine, ' +
        'and for this job alone; 1 other job has work now, too',
      expect.stringContaining('this rests on one run of one input on this machine'),
    ]);
  });

  it('LR11: no fraction of a unit is run, and one that is too short to be told is told as that', () => {
    expect(estimateOf(100, { units: 1, quorum: 2 }, gridOf(5, [])).grid).toMatchObject({ wallMs: 100 });
    expect(estimateOf(100, { units: 3, quorum: 2 }, gridOf(5, [])).grid).toMatchObject({ wallMs: 200 });
    const short = estimateOf(0, { units: 500_000, quorum: 2 }, gridOf(2, []));
    expect(short).toMatchObject({ unitMs: 1, atMost: true, computeMs: 1_000_000, grid: { wallMs: 500_000 } });
    expect(estimateLines(short).slice(0, 2)).toEqual([
      'estimate: 500,000 units at quorum 2: under 17 min of CPU time, for 1,000,000 attempts of under 1 ms',
      expect.stringContaining('on those it is under 8 min, if'),
    ]);
  });

  it('LR11: where too few devices are connected, or no coordinator answers, there is no time on the grid', () => {
    const few = estimateOf(100, { units: 5, quorum: 2 }, gridOf(1));
    expect(few.grid).toMatchObject({ wallMs: null });
    expect(estimateLines(few)[1]).toBe(
      'estimate: 1 device is connected now, and a unit needs 2 devices at quorum 2: as things stand it would not be done',
    );
    const away = estimateOf(100, { units: 5, quorum: 2 }, { away: 'nobody is there' });
    expect(estimateLines(away)[1]).toBe('estimate: how long that is on the grid cannot be told: nobody is there');
  });
});

describe('gossamer run local --units', () => {
  beforeAll(() => {
    write(
      'busy.ts',
      'export const run = (x: number) => { let s = 0; for (let i = 0; i < 3e7; i++) s += Math.sqrt(i * x); return s; };',
    );
    write('throws.ts', 'export const run = () => { throw new Error("no"); };');
  });
  beforeEach(() => {
    coordinator.intercept = (request, response) => {
      if (request.url !== '/v1/grid' || request.headers.authorization !== undefined) return false;
      const about = { name: 'g', operator: 'o', about: '', protocol: 1, publicUrl: 'http://x' };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ...about, ...gridOf(4) }));
      return true;
    };
  });
  const local = (...args: string[]) => run(['run', 'local', ...args], { env: { GOSSAMER_KEY: '' } });

  it('LR12: after the run it is told what a job would take, without a key; with --json as an object', async () => {
    const ran = await local('busy.ts', '--input', '2', '--units', '100');
    expect(ran.status, ran.stderr).toBe(0);
    const told = ran.stderr.split('\n').filter((line) => line.startsWith('estimate: '));
    expect(told).toEqual([
      expect.stringMatching(/^estimate: 100 units at quorum 2: \d+ \w+ of CPU time, for 200 attempts of [\d.]+ m?s$/),
      expect.stringContaining('4 devices are connected now: on those it is about'),
      expect.stringContaining('this rests on one run'),
    ]);
    const asObject = await local('busy.ts', '--input', '2', '--units', '10', '--quorum', '3', '--json');
    const { runMs, estimate } = JSON.parse(asObject.stdout) as { runMs: number; estimate: object };
    expect(estimate).toMatchObject({ units: 10, quorum: 3, attempts: 30, unitMs: runMs, computeMs: 30 * runMs });
    expect(estimate).toMatchObject({ grid: { known: true, devices: 4, otherJobs: 1, wallMs: 8 * runMs } });
  }, 120_000);

  it('LR12: without a coordinator only CPU time is told, and the status is that of the run; what failed is not estimated', async () => {
    const alone = await local('busy.ts', '--input', '2', '--units', '100', '--url', 'http://127.0.0.1:1');
    expect(alone.status, alone.stderr).toBe(0);
    expect(alone.stderr).toMatch(
      /estimate: how long that is on the grid cannot be told: the coordinator at http:\/\/127/,
    );
    const failed = await local('throws.ts', '--input', '2', '--units', '100');
    expect([failed.status, failed.stderr]).toEqual([1, expect.not.stringContaining('estimate')]);
    const plain = await local('busy.ts', '--input', '2', '--quorum', '3');
    expect(plain).toMatchObject({ status: 2, stderr: expect.stringContaining('give --units N with it') });
    expect(await local('busy.ts', '--input', '2', '--units', '0')).toMatchObject({ status: 2 });
    const before = coordinator.requests.length;
    await local('busy.ts', '--input', '2');
    expect(coordinator.requests).toHaveLength(before);
  }, 120_000);
});
