import type { DeviceView, JobSpecInput, JobView, ResultView, UnitView } from '@gossamer/protocol';
import { registrationOf } from '@gossamer/program';
import type { KeyPair } from '@gossamer/program/node';
import { makeKeyPair, signerOf } from '@gossamer/program/node';
import { createHash } from 'node:crypto';
// The page is tried against the real coordinator; only tests cross from app to app.
import { readConfig, type RunningCoordinator, startCoordinator } from '@gossamer/coordinator';

const KEY = 'operator-key-of-the-volunteer-tests';

/** A real coordinator on a port of its own, and what a submitter does with it. */
export interface Grid {
  coordinator: RunningCoordinator;
  url: string;
  /** A text or a wasm module as a program. */
  submit(program: string | Uint8Array, spec: Partial<Omit<JobSpecInput, 'program'>>): Promise<JobView>;
  upload(bytes: Uint8Array): Promise<string>;
  job(id: string): Promise<JobView>;
  results(id: string): Promise<ResultView[]>;
  unit(id: string, index: number): Promise<UnitView>;
  cancel(id: string): Promise<void>;
  /** Any call of the API, as the operator. */
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Registers a signer of the operator's own. */
  signer(name: string): Promise<KeyPair>;
  devices(): Promise<DeviceView[]>;
  stop(): Promise<void>;
}

export interface GridOptions {
  data?: string;
  port?: number;
  env?: Record<string, string>;
}

export const startGrid = async ({ data = ':memory:', port = 0, env = {} }: GridOptions = {}): Promise<Grid> => {
  const config = readConfig({
    GOSSAMER_PORT: String(port),
    GOSSAMER_DATA: data,
    GOSSAMER_GRID_NAME: 'Skylark',
    GOSSAMER_OPERATOR: 'the observatory of Reedham',
    GOSSAMER_ABOUT: 'Skylark looks for narrow signals in the noise of the sky.',
    GOSSAMER_LOG_LEVEL: 'warn',
    GOSSAMER_HEARTBEAT_MS: '1000',
    GOSSAMER_OPERATOR_KEY: KEY,
    ...env,
  });
  const coordinator = await startCoordinator(config);
  const url = `http://localhost:${coordinator.port}`;
  const call = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${KEY}`);
    const response = await fetch(`${url}/v1${path}`, { ...init, headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const read = async <T>(path: string): Promise<T> => (await (await call(path)).json()) as T;
  const post = (path: string, body: unknown): Promise<Response> =>
    call(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const upload = async (bytes: Uint8Array): Promise<string> => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await call(`/blobs/${sha256}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes as Uint8Array<ArrayBuffer>,
    });
    return sha256;
  };
  const any = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const headers = { 'content-type': 'application/json' };
    return (await (
      await call(path, body === undefined ? { method } : { method, headers, body: JSON.stringify(body) })
    ).json()) as T;
  };
  return {
    call: any,
    async signer(name) {
      const pair = makeKeyPair();
      const { key } = await any<{ key: string }>('GET', '/me');
      await any('POST', '/signers', await registrationOf(signerOf(pair), name, key));
      return pair;
    },
    coordinator,
    url,
    upload,
    async submit(program, spec) {
      const sha256 = await upload(typeof program === 'string' ? new TextEncoder().encode(program) : program);
      const whole = {
        name: 'Squares',
        params: { steps: 3, ms: 1 },
        source: { kind: 'range', start: 0, stop: 8 },
        policy: { kind: 'trusted' },
        ...spec,
        program: sha256,
      };
      return (await (await post('/jobs', whole)).json()) as JobView;
    },
    job: (id) => read(`/jobs/${id}`),
    results: async (id) => (await read<{ items: ResultView[] }>(`/jobs/${id}/results`)).items,
    unit: (id, index) => read(`/jobs/${id}/units/${index}`),
    cancel: async (id) => void (await post(`/jobs/${id}/cancel`, { reason: 'the test is over' })),
    devices: async () => (await read<{ items: DeviceView[] }>('/devices')).items,
    stop: () => coordinator.close(),
  };
};
