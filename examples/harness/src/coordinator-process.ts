import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface CoordinatorProcess {
  url: string;
  submitterKey: string;
  close(): Promise<void>;
}

const START_MS = 60_000;
/** A program to run, like a browser: nothing of it is imported here. */
const COORDINATOR = fileURLToPath(new URL('../../../apps/coordinator/dist/main.js', import.meta.url));

/** Starts a coordinator of its own, on a free port, that keeps its data in a temporary directory. */
export const startCoordinatorProcess = async (gridName: string): Promise<CoordinatorProcess> => {
  const data = await mkdtemp(join(tmpdir(), 'gossamer-example-'));
  const submitterKey = `gss_${randomBytes(24).toString('base64url')}`;
  const child = fork(COORDINATOR, {
    env: {
      ...process.env,
      GOSSAMER_PORT: '0',
      GOSSAMER_HOST: '127.0.0.1',
      GOSSAMER_DATA: data,
      GOSSAMER_LOG_LEVEL: 'warn',
      GOSSAMER_GRID_NAME: gridName,
      GOSSAMER_OPERATOR: 'whoever started this example',
      GOSSAMER_SUBMITTER_KEY: submitterKey,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // Ctrl-C ends this process in the midst of things: then nobody else would clear away.
  const abandon = (): void => {
    child.kill('SIGKILL');
    rmSync(data, { recursive: true, force: true });
  };
  process.once('exit', abandon);
  const close = async () => {
    if (child.exitCode === null) child.kill('SIGTERM');
    await exited;
    process.off('exit', abandon);
    await rm(data, { recursive: true, force: true });
  };
  try {
    const port = await new Promise<number>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('the coordinator did not start in time')), START_MS);
      child.once('exit', () => reject(new Error('the coordinator ended at its start')));
      child.once('message', (message: { port: number }) => {
        clearTimeout(late);
        resolve(message.port);
      });
    });
    return { url: `http://localhost:${port}`, submitterKey, close };
  } catch (error) {
    await close();
    throw error;
  }
};
