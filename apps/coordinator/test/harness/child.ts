import type { KeyCreated } from '@gossamer/protocol';
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterwards, OPERATOR_KEY } from './grid.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
/** Arguments of Node with which a child can be asked for its `heap`. */
export const TELLS_HEAP = ['--expose-gc', '--import', new URL('heap-teller.mjs', import.meta.url).href];

export interface Ready {
  port: number;
  publicUrl: string;
  keys: KeyCreated[];
}

/** A coordinator in a process of its own, as `npm start` runs it; killed after the test. */
export class Child {
  readonly process: ChildProcess;
  stdout = '';
  stderr = '';
  /** Resolves with its address, or rejects when it ends before that. */
  readonly ready: Promise<Ready>;
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;

  constructor(env: Record<string, string>, execArgv: string[] = []) {
    if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: build it first (npx tsc -b apps/coordinator)`);
    const defaults = {
      GOSSAMER_PORT: '0',
      GOSSAMER_LOG_LEVEL: 'silent',
      GOSSAMER_PAGES: 'false',
      GOSSAMER_RATE_LIMIT: '1000000',
      GOSSAMER_SIGN_INS_PER_NETWORK: '0',
    };
    const child = fork(MAIN, { env: { PATH: process.env['PATH'], ...defaults, ...env }, silent: true, execArgv });
    this.process = child;
    child.stdout!.on('data', (text: Buffer) => (this.stdout += text.toString()));
    child.stderr!.on('data', (text: Buffer) => (this.stderr += text.toString()));
    this.ended = once(child, 'close').then(([code]) => code as number | null);
    this.ready = new Promise((resolve, reject) => {
      child.once('message', (message) => resolve(message as Ready));
      void this.ended.then((code) => reject(new Error(`it ended with ${code}: ${this.stderr}`)));
    });
    this.ready.catch(() => undefined);
    afterwards(async () => {
      child.kill('SIGKILL');
      await this.ended;
    });
  }

  /** What it holds when all garbage is collected, bytes; of one with `TELLS_HEAP`. */
  async heap(): Promise<number> {
    this.process.send('heap');
    const [{ bytes }] = (await once(this.process, 'message')) as [{ bytes: number }];
    return bytes;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    this.process.kill(signal);
    return this.ended;
  }
}

/** With the operator's key of the tests. */
export const withKey = (data: string, env: Record<string, string> = {}, execArgv: string[] = []): Child =>
  new Child({ GOSSAMER_DATA: data, GOSSAMER_OPERATOR_KEY: OPERATOR_KEY, ...env }, execArgv);

/** A port that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};
