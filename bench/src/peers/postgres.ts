import { execFile } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadPackage } from './packages.ts';
import type { Owner } from './server.ts';
import { startServer } from './server.ts';

const run = promisify(execFile);
const USER = 'bench';
const INIT_MS = 120_000;

/** What is needed of `pg`. */
export interface Pool {
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<{ rows: Row[] }>;
  end(): Promise<void>;
}
interface Failing {
  on(event: 'error', listener: () => void): void;
}
interface Pg {
  Pool: new (options: object) => Pool & Failing & { on(event: 'connect', listener: (client: Failing) => void): void };
}

/** A PostgreSQL of our own with its defaults, as to durability too, on a socket in its folder alone. */
export interface Postgres {
  readonly version: string;
  pool(size: number): Pool;
  remove(): Promise<void>;
}

const ignore = (): void => {};

/** PostgreSQL refuses to run as root, so root runs it as the user that its package made. Throws Error when there is none. */
const ownerOf = async (): Promise<Owner> => {
  if (process.getuid?.() !== 0) return {};
  const id = async (what: string): Promise<number> => Number((await run('id', [what, 'postgres'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
};

/** Starts one; `programs` is the folder of its programs. Throws Error. */
export const startPostgres = async (programs: string): Promise<Postgres> => {
  const owner = await ownerOf();
  const folder = await mkdtemp(join(tmpdir(), 'gossamer-pg-'));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  const { Pool } = loadPackage<Pg>('pg');
  const pool = (max: number): Pool => {
    const made = new Pool({ host: folder, user: USER, database: 'postgres', max });
    // Of a connection that nobody uses, as at the server's end: who needs it finds out by himself.
    made.on('error', ignore);
    made.on('connect', (client) => client.on('error', ignore));
    return made;
  };
  try {
    if (owner.uid !== undefined && owner.gid !== undefined) await chown(folder, owner.uid, owner.gid);
    const data = join(folder, 'data');
    const init = ['-D', data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--locale=C'];
    await run(join(programs, 'initdb'), init, { ...owner, cwd: folder, timeout: INIT_MS });
    const ask = async (text: string): Promise<string> => {
      const one = pool(1);
      try {
        return String(Object.values((await one.query(text)).rows[0]!)[0]);
      } finally {
        await one.end();
      }
    };
    const server = await startServer({
      program: join(programs, 'postgres'),
      args: ['-D', data, '-k', folder, '-c', 'listen_addresses='],
      folder,
      owner,
      signal: 'SIGINT',
      greet: async () => void (await ask('SELECT 1')),
    });
    const remove = async (): Promise<void> => {
      await server.end();
      await removeFolder();
    };
    return { version: await ask('SHOW server_version'), pool, remove };
  } catch (error) {
    await removeFolder();
    throw error;
  }
};
