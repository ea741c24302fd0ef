import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Coordinator } from './coordinator.ts';
import { SUBMITTER_KEY } from './coordinator.ts';

const MAIN = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url));

/** Runs the `gossamer` command as a submitter to its end, whatever its status. */
export const command = (coordinator: Coordinator, ...args: string[]) =>
  new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
    const env = { PATH: process.env['PATH'], GOSSAMER_URL: coordinator.url, GOSSAMER_KEY: SUBMITTER_KEY };
    const child = execFile(process.execPath, [MAIN, ...args], { env }, (_error, stdout, stderr) =>
      resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    );
  });
