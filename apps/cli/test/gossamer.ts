import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { FakeCoordinator } from '@gossamer/sdk/testing';

const home = resolve(import.meta.dirname, '..');
const main = join(home, 'dist/main.js');

export interface Run {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** The built command as a real process, and a coordinator that it talks to. */
export const useGossamer = () => {
  const coordinator = new FakeCoordinator();
  const running = new Set<ChildProcess>();
  const folder = mkdtempSync(join(tmpdir(), 'gossamer-cli-test-'));

  beforeAll(async () => {
    const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
    await promisify(execFile)(process.execPath, [compiler, '-b', home]);
    await coordinator.start();
  }, 240_000);
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
  });
  afterAll(async () => {
    await coordinator.stop();
    rmSync(folder, { recursive: true });
  });

  const start = (args: string[], env: Record<string, string> = {}): { child: ChildProcess; done: Promise<Run> } => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH']!, GOSSAMER_URL: coordinator.url, GOSSAMER_KEY: FakeCoordinator.KEY, ...env },
    });
    running.add(child);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    const done = new Promise<Run>((settle) => {
      child.on('close', (status) => {
        running.delete(child);
        settle({ status, stdout, stderr });
      });
    });
    return { child, done };
  };

  const run = (
    args: string[],
    { stdin = '', env = {} }: { stdin?: string | Uint8Array; env?: Record<string, string> } = {},
  ) => {
    const { child, done } = start(args, env);
    child.stdin!.on('error', () => undefined);
    child.stdin!.end(stdin);
    return done;
  };

  const write = (name: string, text: string | Uint8Array): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return name;
  };

  return { coordinator, folder, main, run, start, write };
};

/** The JSON lines of a text. */
export const ndjson = (text: string): unknown[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
