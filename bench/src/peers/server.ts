import type { SpawnOptions } from 'node:child_process';
import { spawn } from 'node:child_process';
import { wait } from '../measure/wait.ts';

/** As whom a program runs; nothing: as whoever runs the benchmark. */
export interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

export interface ServerOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly owner?: Owner;
  /** How it is told to end, letting go of its clients. */
  readonly signal: NodeJS.Signals;
  /** Throws as long as it is not ready. */
  readonly greet: () => Promise<void>;
}

const START_MS = 30_000;
const END_MS = 10_000;
const POLL_MS = 50;

/** A server of another project, as long as a measurement takes. */
export interface Server {
  end(): Promise<void>;
}

/** Starts a server and waits until it answers. Throws Error with what it printed. */
export const startServer = async ({ program, args, folder, owner, signal, greet }: ServerOptions): Promise<Server> => {
  const options: SpawnOptions = { ...owner, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] };
  const child = spawn(program, args, options);
  const killed = (): void => void child.kill('SIGKILL');
  process.once('exit', killed);
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (log += String(chunk)));
  let isOver = false;
  const ended = new Promise<void>((resolve) => {
    const over = (): void => {
      isOver = true;
      process.off('exit', killed);
      resolve();
    };
    child.once('exit', over);
    child.once('error', (error) => {
      log += error.message;
      over();
    });
  });
  const end = async (): Promise<void> => {
    child.kill(signal);
    const late = setTimeout(killed, END_MS);
    await ended;
    clearTimeout(late);
  };
  for (const began = performance.now(); ; await wait(POLL_MS)) {
    try {
      await greet();
      return { end };
    } catch (error) {
      if (!isOver && performance.now() - began < START_MS) continue;
      await end();
      throw new Error(`${program} did not start:\n${log}`, { cause: error });
    }
  }
};
