import type { GridView, JobSpecInput, JobView, UnitView } from '@gossamer/protocol';
import { createHash } from 'node:crypto';
import type { Device } from './device.ts';
import { joinGrid } from './device.ts';

export const OPERATOR_KEY = 'operator-key-of-the-dashboard-tests';
export const SUBMITTER_KEY = 'submitter-key-of-the-dashboard-tests';

/** A real coordinator on a port of its own, what a submitter does with it, and devices that compute. */
export interface Grid {
  port: number;
  url: string;
  submit(spec?: Partial<Omit<JobSpecInput, 'program'>>, bytes?: Uint8Array): Promise<JobView>;
  job(id: string): Promise<JobView>;
  unit(id: string, index: number): Promise<UnitView>;
  post(path: string, body: unknown): Promise<unknown>;
  /** Devices that are connected now. */
  sessions(): Promise<number>;
  /** A device that has signed in; it computes nothing before it is told to. */
  device(platform: string, slots?: number): Promise<Device>;
  stop(): Promise<void>;
}

const PROGRAM = Buffer.from('export const run = (input) => input * input;\n');

export const startGrid = async (environment: Record<string, string> = {}): Promise<Grid> => {
  // The tests of a page may start what serves it; its sources import nothing of it.
  const { readConfig, startCoordinator } = await import('@gossamer/coordinator');
  const coordinator = await startCoordinator(
    readConfig({
      GOSSAMER_PORT: '0',
      GOSSAMER_DATA: ':memory:',
      GOSSAMER_GRID_NAME: 'Skylark',
      GOSSAMER_LOG_LEVEL: 'silent',
      GOSSAMER_SESSION_GRACE_MS: '500',
      GOSSAMER_OPERATOR_KEY: OPERATOR_KEY,
      GOSSAMER_SUBMITTER_KEY: SUBMITTER_KEY,
      ...environment,
    }),
  );
  const url = `http://localhost:${coordinator.port}`;
  const devices: Device[] = [];
  const call = async (path: string, key: string, init: RequestInit = {}): Promise<unknown> => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${key}`);
    const response = await fetch(`${url}/v1${path}`, { ...init, headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const post = (path: string, body: unknown, key = OPERATOR_KEY): Promise<unknown> =>
    call(path, key, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return {
    port: coordinator.port,
    url,
    post,
    async submit(spec = {}, bytes = PROGRAM) {
      const program = createHash('sha256').update(bytes).digest('hex');
      await call(`/blobs/${program}`, SUBMITTER_KEY, {
        method: 'PUT',
        headers: { 'content-type': 'application/octet-stream' },
        body: bytes as Uint8Array<ArrayBuffer>,
      });
      const whole = { name: 'Squares', source: { kind: 'range', start: 0, stop: 8 }, ...spec, program };
      return (await post('/jobs', whole, SUBMITTER_KEY)) as JobView;
    },
    job: async (id) => (await call(`/jobs/${id}`, OPERATOR_KEY)) as JobView,
    unit: async (id, index) => (await call(`/jobs/${id}/units/${index}`, OPERATOR_KEY)) as UnitView,
    sessions: async () => ((await call('/grid', OPERATOR_KEY)) as GridView).sessions,
    async device(platform, slots = 2) {
      const device = await joinGrid(url, platform, slots);
      devices.push(device);
      return device;
    },
    async stop() {
      for (const device of devices) device.leave();
      await coordinator.close();
    },
  };
};
