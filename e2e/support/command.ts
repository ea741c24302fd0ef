import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Coordinator } from './coordinator.ts';
import { SUBMITTER_KEY } from './coordinator.ts';

const MAIN = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url));

const envOf = (coordinator: Coordinator) => ({
  PATH: process.env['PATH'],
  GOSSAMER_URL: coordinator.url,
  GOSSAMER_KEY: SUBMITTER_KEY,
});

/** Starts the `gossamer` command as a submitter, with pipes to it. */
export const startCommand = (
  coordinator: Coordinator,
  args: string[],
  env: NodeJS.ProcessEnv = {},
): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [MAIN, ...args], { env: { ...envOf(coordinator), ...env } });

/** Runs the `gossamer` command as a submitter to its end, whatever its status. */
export const command = (coordinator: Coordinator, ...args: string[]) =>
  new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...args], { env: envOf(coordinator) }, (_error, stdout, stderr) =>
      resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    );
  });
