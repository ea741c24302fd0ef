import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../../../apps/coordinator/dist/main.js', import.meta.url));
const START_MS = 60_000;
const KEY = 'gss_submitter-of-the-cages-suite';

/** A coordinator as operators run it, in a process of its own: the suite knows it only by its addresses. */
export interface ProductCoordinator {
  port: number;
  /** A request of its submitter; the body is JSON unless it is bytes. */
  request(method: string, path: string, body?: unknown): Promise<Response>;
  close(): Promise<void>;
}

/** @param publicPort where browsers meet it: the proxy's */
export const startCoordinator = async (publicPort: number): Promise<ProductCoordinator> => {
  const data = await mkdtemp(join(tmpdir(), 'gossamer-cage-'));
  const env = {
    ...process.env,
    GOSSAMER_HOST: '127.0.0.1',
    GOSSAMER_PORT: '0',
    GOSSAMER_PUBLIC_URL: `http://localhost:${publicPort}`,
    GOSSAMER_CAGE_ORIGIN: `http://*.cage.localhost:${publicPort}`,
    GOSSAMER_DATA: data,
    GOSSAMER_LOG_LEVEL: 'warn',
    GOSSAMER_SUBMITTER_KEY: KEY,
    GOSSAMER_HEARTBEAT_MS: '1000',
    // As on the suite's own page.
    GOSSAMER_WASM_MEMORY_MB: '64',
  };
  // Under a test runner this process has conditions of its own, which would lead it to sources.
  const child = fork(MAIN, { env, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (log += String(chunk)));
  const ended = new Promise((resolve) => child.once('close', resolve));
  const port = await new Promise<number>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the coordinator did not start in time:\n${log}`)), START_MS);
    child.once('exit', () => reject(new Error(`the coordinator ended at its start:\n${log}`)));
    child.once('message', (message: { port: number }) => {
      clearTimeout(late);
      resolve(message.port);
    });
  });
  return {
    port,
    request: (method, path, body) => {
      const isBytes = body instanceof Uint8Array;
      const headers: Record<string, string> = { authorization: `Bearer ${KEY}` };
      if (body !== undefined) headers['content-type'] = isBytes ? 'application/octet-stream' : 'application/json';
      const content = body === undefined ? null : isBytes ? new Uint8Array(body) : JSON.stringify(body);
      return fetch(`http://localhost:${port}${path}`, { method, headers, body: content });
    },
    close: async () => {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await ended;
      clearTimeout(late);
      await rm(data, { recursive: true, force: true });
    },
  };
};
