import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startServer } from './server.ts';

/** When Redis brings its log to the disk: before it answers, or once a second. */
export type Fsync = 'always' | 'everysec';

/** A Redis of our own, on a socket in its folder alone. */
export interface Redis {
  readonly version: string;
  readonly socket: string;
  remove(): Promise<void>;
}

const versionOf = async (program: string): Promise<string> => {
  const { stdout } = await promisify(execFile)(program, ['--version']);
  return /v=(\S+)/.exec(stdout)?.[1] ?? 'of an unknown version';
};

/** Starts one with its append-only file. Throws Error. */
export const startRedis = async (program: string, fsync: Fsync): Promise<Redis> => {
  const folder = await mkdtemp(join(tmpdir(), 'gossamer-redis-'));
  const socket = join(folder, 'redis.sock');
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  const settings = { port: '0', unixsocket: socket, dir: folder, appendonly: 'yes', appendfsync: fsync, save: '' };
  try {
    const server = await startServer({
      program,
      args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
      folder,
      signal: 'SIGTERM',
      greet: async () => {
        const client = connect(socket);
        try {
          await once(client, 'connect');
        } finally {
          client.destroy();
        }
      },
    });
    const remove = async (): Promise<void> => {
      await server.end();
      await removeFolder();
    };
    return { version: await versionOf(program), socket, remove };
  } catch (error) {
    await removeFolder();
    throw error;
  }
};
