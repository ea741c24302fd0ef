import { PROBLEMS } from '@gossamer/protocol';
import { until } from '@gossamer/sdk/testing';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { EXIT, EXIT_MEANINGS } from '../src/exit-code.ts';
import { useGossamer } from './gossamer.ts';

const { coordinator, run, start, write } = useGossamer();
const newest = () => coordinator.jobs.at(-1)!;
const UNKNOWN = `job_${'0'.repeat(8)}-0000-7000-8000-${'0'.repeat(12)}`;

beforeAll(() => {
  write('odd.ts', 'export const run = (x: number) => { if (x % 2 === 0) throw new Error("even"); return x; };');
  write('norun.ts', 'export const main = () => 1;');
});
beforeEach(() => {
  coordinator.compute = true;
  coordinator.intercept = () => false;
});

/** A command line for each status, and what is done to the coordinator before. */
const CASES: Record<keyof typeof EXIT, { args: () => string[]; before?: () => void; interrupt?: true }> = {
  ok: { args: () => ['map', 'odd.ts', '--range', '1..2'] },
  incomplete: { args: () => ['map', 'odd.ts', '--range', '0..2'] },
  usage: { args: () => ['map', 'odd.ts', '--range', '0..2', '--input', 'x'] },
  auth: { args: () => ['jobs', 'list', '--key', 'wrong'] },
  notFound: { args: () => ['jobs', 'show', UNKNOWN] },
  unreachable: { args: () => ['jobs', 'list', '--url', 'http://127.0.0.1:4', '--patience', '0'] },
  refused: { args: () => ['map', 'norun.ts', '--range', '0..2'] },
  conflict: { args: () => ['jobs', 'hold', newest().id], before: () => newest().become('cancelled', '') },
  internal: {
    args: () => ['jobs', 'list', '--patience', '0'],
    before: () => {
      coordinator.intercept = (_, response) => {
        const problem = { type: '/errors/internal', title: 'internal', status: 500, code: 'internal' };
        response.writeHead(500, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
        return true;
      };
    },
  },
  interrupted: { args: () => ['map', 'odd.ts', '--range', '0..2'], interrupt: true },
};

it.each(Object.entries(CASES))(
  'CL19: %s',
  async (name, { args, before, interrupt }) => {
    coordinator.compute = interrupt !== true && name !== 'conflict';
    if (before !== undefined && name === 'conflict') await run(['map', 'odd.ts', '--range', '0..2', '--detach']);
    before?.();
    const jobs = coordinator.jobs.length;
    const { child, done } = start(args());
    child.stdin!.end();
    if (interrupt === true) {
      await until(() => coordinator.jobs.length > jobs && newest().listenerCount('change') > 0);
      child.kill('SIGINT');
    }
    const { status, stderr } = await done;
    expect([status, stderr]).toEqual([EXIT[name as keyof typeof EXIT], expect.not.stringMatching(/\n {4}at /)]);
  },
  60_000,
);

it.each(['quota-exceeded', 'webhook-limit', 'inputs-closed'] as const)(
  'CL81: %s is told by the status of what cannot be done now, whose words name a quota',
  async (code) => {
    coordinator.intercept = (request, response) => {
      if (request.method !== 'POST') return false;
      const { status, title } = PROBLEMS[code];
      const problem = { type: `/errors/${code}`, title, status, code };
      response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
      return true;
    };
    const refused = await run(['map', 'odd.ts', '--range', '0..2', '--detach', '--json']);
    expect(refused).toMatchObject({ status: EXIT.conflict, stdout: '', stderr: expect.stringContaining(`"${code}"`) });
    expect(EXIT_MEANINGS.conflict).toMatch(/cannot be done now.*another state.*quota or limit of the key/);
  },
  60_000,
);
