import { Gossamer } from '@gossamer/sdk/node';
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cpuMicros, residentBytes } from './process.ts';

const MAIN = fileURLToPath(new URL('../../../apps/coordinator/dist/main.js', import.meta.url));
const START_MS = 120_000;
const OPERATOR_KEY = 'gso_operator-of-the-benchmarks';
const SUBMITTER_KEY = 'gss_submitter-of-the-benchmarks';

/** Environment variables of the coordinator, beside those that every benchmark needs. */
export type Settings = Record<`GOSSAMER_${string}`, string>;

export interface StartOptions {
  settings?: Settings;
  /** Options of Node, as `--cpu-prof`. */
  execArgv?: readonly string[];
}

/** A coordinator as operators run it: a process of its own, on a SQLite directory that outlives it. */
export class Coordinator {
  readonly data: string;
  readonly #options: StartOptions;
  #port = 0;
  #child: ChildProcess | null = null;
  #ended: Promise<void> = Promise.resolve();
  #log = '';

  private constructor(data: string, options: StartOptions) {
    this.data = data;
    this.#options = options;
  }

  static async start(options: StartOptions = {}): Promise<Coordinator> {
    const coordinator = new Coordinator(await mkdtemp(join(tmpdir(), 'gossamer-bench-')), options);
    await coordinator.start();
    return coordinator;
  }

  /** Starts it; again on the same port and directory after it has ended. Resolves when it is ready, ms after the start. */
  async start(): Promise<number> {
    const began = performance.now();
    const child = fork(MAIN, {
      env: {
        ...process.env,
        GOSSAMER_HOST: '127.0.0.1',
        GOSSAMER_LOG_LEVEL: 'warn',
        GOSSAMER_PAGES: '0',
        GOSSAMER_RATE_LIMIT: '1000000',
        // All load comes from one address, and some of it over few connections.
        GOSSAMER_SESSION_RATE: '1000000',
        GOSSAMER_SOCKETS_PER_NETWORK: '0',
        GOSSAMER_SIGN_INS_PER_NETWORK: '0',
        GOSSAMER_OPERATOR_KEY: OPERATOR_KEY,
        GOSSAMER_SUBMITTER_KEY: SUBMITTER_KEY,
        ...this.#options.settings,
        GOSSAMER_PORT: String(this.#port),
        GOSSAMER_DATA: this.data,
      },
      // As `npm start` does.
      execArgv: ['--max-semi-space-size=32', ...(this.#options.execArgv ?? [])],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (this.#log += String(chunk)));
    this.#ended = new Promise((resolve) => child.once('exit', () => resolve()));
    this.#port = await new Promise<number>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`the coordinator did not start:\n${this.#log}`)), START_MS);
      child.once('exit', () => reject(new Error(`the coordinator ended at its start:\n${this.#log}`)));
      child.once('message', (message: { port: number }) => {
        clearTimeout(late);
        resolve(message.port);
      });
    });
    return performance.now() - began;
  }

  get port(): number {
    return this.#port;
  }

  get pid(): number {
    return this.#child!.pid!;
  }

  /** What it has printed, over every start. */
  get log(): string {
    return this.#log;
  }

  get grid(): Gossamer {
    return new Gossamer({ url: `http://127.0.0.1:${this.#port}`, apiKey: SUBMITTER_KEY });
  }

  get operator(): Gossamer {
    return new Gossamer({ url: `http://127.0.0.1:${this.#port}`, apiKey: OPERATOR_KEY });
  }

  cpuMicros(): Promise<number> {
    return cpuMicros(this.pid);
  }

  residentBytes(): Promise<{ now: number; peak: number }> {
    return residentBytes(this.pid);
  }

  /** Sends the signal and waits for the end of the process. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.#child?.kill(signal);
    await this.#ended;
  }

  /** Ends it and removes its directory. */
  async remove(): Promise<void> {
    await this.end('SIGTERM');
    await rm(this.data, { recursive: true, force: true });
  }
}
