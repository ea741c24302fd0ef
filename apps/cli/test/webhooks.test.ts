import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { readWebhook, type WebhookEvent } from '@gossamer/sdk';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ndjson, useGossamer } from './gossamer.ts';

const { run } = useGossamer();
const coordinatorHome = resolve(import.meta.dirname, '../../coordinator');
const key = 'gss_submitter_of_this_test_only';
let child: ChildProcess;
let url = '';

let secret = '';
const events: WebhookEvent[] = [];
const refused: unknown[] = [];
/** A receiver as docs/webhooks.md writes it. */
const receiver: Server = createServer((request, response) => {
  const take = async (): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { event } = await readWebhook({ headers: request.headers, body: Buffer.concat(chunks) }, secret);
    events.push(event);
  };
  take().then(
    () => response.writeHead(204).end(),
    (error: unknown) => {
      refused.push(error);
      response.writeHead(400).end();
    },
  );
});

const gossamer = (...args: string[]) => run(['webhooks', ...args], { env: { GOSSAMER_URL: url, GOSSAMER_KEY: key } });

beforeAll(async () => {
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  await promisify(execFile)(process.execPath, [compiler, '-b', coordinatorHome]);
  child = fork(join(coordinatorHome, 'dist/main.js'), {
    silent: true,
    execArgv: [],
    env: {
      PATH: process.env['PATH']!,
      GOSSAMER_PORT: '0',
      GOSSAMER_DATA: ':memory:',
      GOSSAMER_LOG_LEVEL: 'error',
      GOSSAMER_PAGES: '0',
      GOSSAMER_WEBHOOK_TARGETS: 'any',
      GOSSAMER_SUBMITTER_KEY: key,
    },
  });
  const [message] = (await once(child, 'message')) as [{ port: number }];
  url = `http://127.0.0.1:${message.port}`;
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
}, 300_000);
afterAll(() => {
  child.kill('SIGKILL');
  receiver.closeAllConnections();
  receiver.close();
});

const target = (): string => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;

it('CL35: a webhook is registered, tested, shown, changed, switched, rotated and deleted; its secret is printed alone', async () => {
  const made = await gossamer('create', target(), '--events', 'job.completed', 'results.added', '--provisional');
  expect(made).toMatchObject({ status: 0, stdout: expect.stringMatching(/^whsec_\S+\n$/) });
  secret = made.stdout.trim();
  const [{ id }] = ndjson((await gossamer('list', '--json')).stdout) as [{ id: string }];
  expect(made.stderr).toContain(id);
  const shown = await gossamer('show', id);
  expect(shown.stdout).toContain('events\tjob.completed, results.added, results.provisional, results.revoked\n');
  expect(shown.stdout).toContain('state\tactive\n');
  expect(shown.stdout).not.toContain('whsec_');

  const tested = await gossamer('test', id);
  expect(tested.stdout).toMatch(/^msg_\S+\n$/);
  await vi.waitFor(() => expect(events).toMatchObject([{ type: 'webhook.test', data: { webhook: id } }]), {
    timeout: 20_000,
  });
  await vi.waitFor(async () => expect((await gossamer('deliveries', id)).stdout).toMatch(/\tsucceeded\t1\t204\t/), {
    timeout: 20_000,
  });
  const again = await gossamer('redeliver', id, tested.stdout.trim());
  expect(again).toMatchObject({ status: 0, stdout: `${tested.stdout.trim()} is sent again\n` });
  await vi.waitFor(() => expect(events).toHaveLength(2), { timeout: 20_000 });

  expect((await gossamer('change', id, '--name', 'Mine', '--no-provisional')).stdout).toMatch(
    /name\tMine\n[^]*results.added\n/,
  );
  expect((await gossamer('disable', id)).stdout).toContain('disabled: it was switched off');
  expect((await gossamer('test', id)).status).toBe(7);
  expect((await gossamer('enable', id)).stdout).toContain('state\tactive');
  const rotated = await gossamer('rotate', id);
  expect(rotated.stdout).toMatch(/^whsec_\S+\n$/);
  // The receiver has the old one still.
  await gossamer('test', id);
  await vi.waitFor(() => expect(events).toHaveLength(3), { timeout: 20_000 });
  expect(refused).toEqual([]);
  expect((await gossamer('delete', id)).stdout).toBe(`${id} is deleted\n`);
  expect((await gossamer('show', id)).status).toBe(4);
});

it('CL35: what may not be a target is told in words', async () => {
  const wrong = await gossamer('create', 'ftp://example.org/');
  expect(wrong.status).toBe(6);
  expect(wrong.stderr).toContain('https://');
  expect((await gossamer('create', target(), '--events', 'job.moved')).status).toBe(2);
  expect((await gossamer('create', target(), '--job', 'job_1')).status).toBe(6);
});
