import type { DeviceView, GridView, JobView, ResultView } from '@gossamer/protocol';
import { Gossamer } from '@gossamer/sdk/node';
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gather } from './wait.ts';

const MAIN = fileURLToPath(new URL('../../apps/coordinator/dist/main.js', import.meta.url));
const START_MS = 60_000;
const STOP_MS = 30_000;
const OPERATOR_KEY = 'gso_operator-of-the-end-to-end-tests';
export const SUBMITTER_KEY = 'gss_submitter-of-the-end-to-end-tests';

/** Environment variables of the coordinator, beside those that every test needs. */
export type Settings = Record<`GOSSAMER_${string}`, string>;

/** How a process ended. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A coordinator as operators run it: a process of its own, on a SQLite directory that outlives it. */
export class Coordinator {
  readonly data: string;
  /** Valid attempts of jobs that the test has had deleted. */
  deletedValid = 0;
  readonly #settings: Settings;
  #port = 0;
  #child: ChildProcess | null = null;
  #ended: Promise<Ending> = Promise.resolve({ code: null, signal: null });
  #log = '';

  constructor(data: string, settings: Settings) {
    this.data = data;
    this.#settings = settings;
  }

  static async start(settings: Settings = {}): Promise<Coordinator> {
    const coordinator = new Coordinator(await mkdtemp(join(tmpdir(), 'gossamer-e2e-')), settings);
    await coordinator.start();
    return coordinator;
  }

  /** Starts it; again on the same port and directory after it has ended. */
  async start(): Promise<void> {
    const child = fork(MAIN, {
      env: {
        ...process.env,
        GOSSAMER_HOST: '127.0.0.1',
        GOSSAMER_LOG_LEVEL: 'warn',
        GOSSAMER_GRID_NAME: 'Skylark',
        GOSSAMER_OPERATOR: 'the observatory of Reedham',
        GOSSAMER_HEARTBEAT_MS: '1000',
        GOSSAMER_OPERATOR_KEY: OPERATOR_KEY,
        GOSSAMER_SUBMITTER_KEY: SUBMITTER_KEY,
        ...this.#settings,
        GOSSAMER_PORT: String(this.#port),
        GOSSAMER_DATA: this.data,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (this.#log += String(chunk)));
    this.#ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    this.#port = await new Promise<number>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`the coordinator did not start in time:\n${this.#log}`)),
        START_MS,
      );
      child.once('exit', () => reject(new Error(`the coordinator ended at its start:\n${this.#log}`)));
      child.once('message', (message: { port: number }) => {
        clearTimeout(late);
        resolve(message.port);
      });
    });
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  /** All that it has printed, over every start. */
  get log(): string {
    return this.#log;
  }

  get running(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Sends the signal and waits for the end of the process. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<Ending> {
    if (this.running) this.#child?.kill(signal);
    const late = setTimeout(() => this.#child?.kill('SIGKILL'), STOP_MS);
    const ending = await this.#ended;
    clearTimeout(late);
    return ending;
  }

  /** Ends it, if it runs, and removes its directory. */
  async remove(): Promise<void> {
    await this.end('SIGTERM');
    await rm(this.data, { recursive: true, force: true });
  }

  /** A submitter's client. */
  get grid(): Gossamer {
    return new Gossamer({ url: this.url, apiKey: SUBMITTER_KEY });
  }

  /** An operator's client. */
  get operator(): Gossamer {
    return new Gossamer({ url: this.url, apiKey: OPERATOR_KEY });
  }

  devices(): Promise<DeviceView[]> {
    return gather(this.operator.devices());
  }

  view(): Promise<GridView> {
    return this.grid.view();
  }

  jobs(): Promise<JobView[]> {
    return gather(this.operator.jobs.list());
  }

  /** A request of a submitter, as it is, for what the SDK would not send. */
  request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${SUBMITTER_KEY}`, ...(init.headers as Record<string, string>) };
    return fetch(`${this.url}${path}`, { ...init, headers });
  }

  /** The final results there are now, in the order in which they became final. */
  async results(job: string): Promise<ResultView[]> {
    const response = await this.request(`/v1/jobs/${job}/results?limit=1000`);
    return ((await response.json()) as { items: ResultView[] }).items;
  }
}
