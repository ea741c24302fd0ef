import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, totalmem } from 'node:os';

const versionOf = (name: string): string =>
  (createRequire(import.meta.url)(`${name}/package.json`) as { version: string }).version;

/** What a figure was measured on, in one line. */
export const machine = async (): Promise<string> => {
  const model = cpus()[0]?.model.trim() ?? 'an unknown processor';
  const gib = Math.round(totalmem() / 2 ** 30);
  const kernel = (await readFile('/proc/sys/kernel/osrelease', 'utf8').catch(() => '')).trim();
  const versions = `Node ${process.versions.node}, socket.io-client ${versionOf('socket.io-client')}`;
  return `${availableParallelism()} cores (${model}), ${gib} GiB, Linux ${kernel}, ${versions}`;
};
