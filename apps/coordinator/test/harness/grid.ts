import type { FactView, JobSpecInput, JobView, Page, ResultView, Sha256, UnitView } from '@gossamer/protocol';
import type { Stores } from '@gossamer/store';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, vi } from 'vitest';
import type { Config } from '../../src/config.ts';
import { readConfig } from '../../src/config.ts';
import type { RunningCoordinator, StartLimits } from '../../src/start.ts';
import { startCoordinator } from '../../src/start.ts';
import './declared-problems.ts';
import { TestDevice } from './device.ts';

export const OPERATOR_KEY = 'operator-key-of-these-tests';
export const PROGRAM = 'export function run(input) { return input * 2; }';

const cleanups: (() => Promise<void> | void)[] = [];
/** Runs after the test, the last one first. */
export const afterwards = (cleanup: () => Promise<void> | void): void => void cleanups.push(cleanup);
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export const temporaryDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'gossamer-test-'));
  afterwards(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
};

export const eventually = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: 40_000, interval: 30 });

/** REST, as an operator. */
export class Rest {
  readonly url: string;

  constructor(port: number) {
    this.url = `http://127.0.0.1:${port}`;
  }

  async call(method: string, path: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = { authorization: `Bearer ${OPERATOR_KEY}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    return fetch(this.url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  }

  async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.call(method, path, body);
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async upload(bytes: Uint8Array | string): Promise<Sha256> {
    const name = createHash('sha256').update(bytes).digest('hex') as Sha256;
    const headers = { authorization: `Bearer ${OPERATOR_KEY}`, 'content-type': 'application/octet-stream' };
    const body = bytes as Uint8Array<ArrayBuffer> | string;
    const response = await fetch(`${this.url}/v1/blobs/${name}`, { method: 'PUT', headers, body });
    if (!response.ok) throw new Error(await response.text());
    return name;
  }

  /** A job of `units` numbers at quorum 1, unless said otherwise. */
  async submit(units: number, spec: Partial<JobSpecInput> = {}): Promise<JobView> {
    const program = await this.upload(PROGRAM);
    const source = { kind: 'range', start: 0, stop: units };
    const body = { name: 'A job', program, source, policy: { kind: 'quorum', quorum: 1 }, ...spec };
    return this.json('POST', '/v1/jobs', body);
  }

  job(id: string): Promise<JobView> {
    return this.json('GET', `/v1/jobs/${id}`);
  }

  unit(id: string, index: number): Promise<UnitView> {
    return this.json('GET', `/v1/jobs/${id}/units/${index}`);
  }

  async unitFacts(id: string, index: number): Promise<FactView[]> {
    return (await this.json<{ items: FactView[] }>('GET', `/v1/jobs/${id}/units/${index}/facts`)).items;
  }

  results(id: string, limit: number, after?: string): Promise<Page<ResultView>> {
    const cursor = after === undefined ? '' : `&after=${after}`;
    return this.json('GET', `/v1/jobs/${id}/results?limit=${limit}${cursor}`);
  }

  async allResults(id: string, limit = 200): Promise<ResultView[]> {
    const all: ResultView[] = [];
    for (let after: string | undefined; ;) {
      const { items, next } = await this.results(id, limit, after);
      all.push(...items);
      if (next === null) return all;
      after = next;
    }
  }
}

export interface TestGrid {
  coordinator: RunningCoordinator;
  rest: Rest;
  port: number;
  data: string;
  /** A device that is signed in; closed after the test. */
  device(headers?: Record<string, string>): Promise<TestDevice>;
  /** Stops it and starts another one on the same data. */
  restart(between?: () => unknown): Promise<TestGrid>;
}

export interface GridOptions {
  data?: string;
  env?: Record<string, string>;
  open?: (config: Config) => Promise<Stores>;
  /** Stands in for the system's clock. */
  wall?: () => number;
  limits?: StartLimits;
}

/** A whole coordinator on real SQLite and real sockets; closed after the test. */
export const startGrid = async (options: GridOptions = {}): Promise<TestGrid> => {
  const { data = temporaryDirectory(), env = {}, open, wall = Date.now, limits } = options;
  const config = readConfig({
    GOSSAMER_PORT: '0',
    GOSSAMER_DATA: data,
    GOSSAMER_LOG_LEVEL: 'silent',
    GOSSAMER_OPERATOR_KEY: OPERATOR_KEY,
    GOSSAMER_PAGES: 'false',
    GOSSAMER_RATE_LIMIT: '1000000',
    ...env,
  });
  const coordinator = await startCoordinator(config, wall, open, {
    ...limits,
    // Never: on a busy machine the event loop of a test is late, too, and one of which there is no sample counts as late.
    http: { eventLoopDelayMs: 0, ...limits?.http },
  });
  afterwards(() => coordinator.close());
  const { port } = coordinator;
  return {
    coordinator,
    rest: new Rest(port),
    port,
    data,
    async device(headers) {
      const device = new TestDevice();
      afterwards(() => device.close());
      await device.signIn(port, headers);
      return device;
    },
    async restart(between) {
      await coordinator.close();
      await between?.();
      return startGrid({ ...options, data });
    },
  };
};
