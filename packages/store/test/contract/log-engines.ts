import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type LogStore, MemoryLogStore, SqliteLogStore } from '../../src/index.ts';
import { testDirectory } from './directory.ts';

export interface LogEngine {
  name: string;
  /** Whether a closed log comes back with what was in it. */
  durable: boolean;
  /** A way to open one and the same log, again after each close. */
  create(): Promise<() => Promise<LogStore>>;
}

const closing = async (opening: Promise<LogStore>): Promise<LogStore> => {
  const log = await opening;
  onTestFinished(() => log.close());
  return log;
};

export const LOG_ENGINES: readonly LogEngine[] = [
  { name: 'memory', durable: false, create: async () => async () => new MemoryLogStore() },
  {
    name: 'sqlite',
    durable: true,
    create: async () => {
      const path = join(await testDirectory(), 'log.db');
      return () => closing(SqliteLogStore.open(path));
    },
  },
];
