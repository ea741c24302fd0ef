import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface Child {
  /** The whole lines that it printed. */
  lines(): string[];
  /** Resolves once so many lines are there; throws when the child ends before. */
  untilLines(count: number): Promise<void>;
  /** `kill -9`, and the end of all its output. */
  kill(): Promise<void>;
}

/** Starts a script of `children/` as a process of its own. */
export const startChild = (script: string, ...args: string[]): Child => {
  const path = fileURLToPath(new URL(`../children/${script}`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const closed = once(child, 'close');
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  // What follows the last line end is a line that was cut off.
  const lines = () => output.split('\n').slice(0, -1);
  return {
    lines,
    untilLines: async (count) => {
      while (lines().length < count) {
        if (child.exitCode !== null) throw new Error(`the child ended with ${child.exitCode}: ${errors}`);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    },
    kill: async () => {
      child.kill('SIGKILL');
      await closed;
    },
  };
};
