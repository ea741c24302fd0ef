import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import type { CoordinatorProcess } from './coordinator-process.ts';

/** A program to run, as in a shell: nothing of it is imported here. */
const COMMAND = fileURLToPath(new URL('../../../apps/cli/dist/main.js', import.meta.url));

/**
 * Runs `gossamer ARGS` as a filter: `lines` go to its standard input, and the lines of its standard output come back as
 * they are written. Its progress is seen on standard error. Throws where it ends with another status than 0.
 */
export async function* filter(
  { url, submitterKey }: Pick<CoordinatorProcess, 'url' | 'submitterKey'>,
  args: readonly string[],
  lines: Iterable<string | number>,
): AsyncGenerator<string> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: { ...process.env, GOSSAMER_URL: url, GOSSAMER_KEY: submitterKey },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const written = pipeline(Readable.from(ofLines(lines)), child.stdin);
  // A command that refuses its arguments reads nothing; then its status says more than the broken pipe.
  written.catch(() => undefined);
  try {
    yield* createInterface({ input: child.stdout });
    const [status] = await ended;
    if (status !== 0) throw new Error(`gossamer ${args[0]} ended with status ${status}`);
    await written;
  } finally {
    child.kill();
    await ended;
  }
}

function* ofLines(lines: Iterable<string | number>): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}
