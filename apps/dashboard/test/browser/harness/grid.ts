import type { BatchCreated, GridView, JobSpecInput, JobView, UnitView } from '@gossamer/protocol';
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
  patch(path: string, body: unknown): Promise<unknown>;
  read<T>(path: string): Promise<T>;
  /** A batch of the submitter's: a job of this program for each of these specs. */
  batch(name: string, jobs: Partial<Omit<JobSpecInput, 'program'>>[]): Promise<BatchCreated>;
  /** Uploads bytes for the submitter; gives their name. */
  upload(bytes: Uint8Array): Promise<string>;
  /** A signer of the submitter's, and a job of its program. */
  signed(name: string): Promise<{ key: string; job: JobView }>;
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
  const grid: Grid = {
    port: coordinator.port,
    url,
    post,
    patch: (path, body) =>
      call(path, OPERATOR_KEY, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    read: async <T>(path: string) => (await call(path, OPERATOR_KEY)) as T,
    async signed(name) {
      const { manifestOf, registrationOf, signManifest } = await import('@gossamer/program');
      const { makeKeyPair, signerOf } = await import('@gossamer/program/node');
      const signer = signerOf(makeKeyPair());
      const me = (await call('/me', SUBMITTER_KEY)) as { key: string };
      await post('/signers', await registrationOf(signer, name, me.key), SUBMITTER_KEY);
      const limits = { deadlineMs: 60_000, resultBytes: 65_536 };
      const manifest = await manifestOf(new Uint8Array(PROGRAM), { name: 'Squares', limits });
      return { key: signer.key, job: await grid.submit({ signature: await signManifest(signer, manifest) }) };
    },
    async batch(name, jobs) {
      const program = await grid.upload(PROGRAM);
      const source = { kind: 'range', start: 0, stop: 8 };
      const specs = jobs.map((spec, at) => ({ name: `Night ${at + 1}`, source, ...spec, program }));
      return (await post('/batches', { name, jobs: specs }, SUBMITTER_KEY)) as BatchCreated;
    },
    async upload(bytes) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      await call(`/blobs/${sha256}`, SUBMITTER_KEY, {
        method: 'PUT',
        headers: { 'content-type': 'application/octet-stream' },
        body: bytes as Uint8Array<ArrayBuffer>,
      });
      return sha256;
    },
    async submit(spec = {}, bytes = PROGRAM) {
      const program = await grid.upload(bytes);
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
  return grid;
};
