import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect } from 'vitest';

const coordinatorHome = resolve(import.meta.dirname, '../../coordinator');
const submitter = 'gss_submitter_of_this_test_only';
const operator = 'gss_operator_of_this_test_only0';

/** The real coordinator as a process of its own, on the port that it had before, for the tests of one file. */
export const useCoordinator = (folder: string, settings: Record<string, string> = {}) => {
  let child: ChildProcess | null = null;
  let port = 0;

  const startCoordinator = async (): Promise<void> => {
    child = fork(join(coordinatorHome, 'dist/main.js'), {
      silent: true,
      execArgv: [],
      env: {
        PATH: process.env['PATH']!,
        GOSSAMER_PORT: String(port),
        GOSSAMER_DATA: join(folder, 'data'),
        GOSSAMER_LOG_LEVEL: 'error',
        GOSSAMER_PAGES: '0',
        GOSSAMER_SUBMITTER_KEY: submitter,
        GOSSAMER_OPERATOR_KEY: operator,
        ...settings,
      },
    });
    let said = '';
    child.stderr!.on('data', (chunk) => (said += String(chunk)));
    const ended = once(child, 'exit').then(() => {
      throw new Error(`the coordinator ended: ${said}`);
    });
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [{ port: number }];
    ended.catch(() => undefined);
    port = message.port;
  };

  const killCoordinator = async (): Promise<void> => {
    if (child === null || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    child = null;
  };

  const env = (key = submitter) => ({ GOSSAMER_URL: `http://127.0.0.1:${port}`, GOSSAMER_KEY: key });

  beforeAll(async () => {
    const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
    await promisify(execFile)(process.execPath, [compiler, '-b', coordinatorHome]);
    expect(existsSync(join(coordinatorHome, 'dist/main.js'))).toBe(true);
    await startCoordinator();
  }, 300_000);
  afterAll(killCoordinator);

  return { env, killCoordinator, operator, startCoordinator };
};
