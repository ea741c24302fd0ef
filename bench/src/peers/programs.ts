import { access, constants, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Where Debian keeps PostgreSQL's programs, which are not in the PATH. */
const POSTGRES_FOLDER = '/usr/lib/postgresql';

const canRun = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

const newestFirst = (a: string, b: string): number => b.localeCompare(a, 'en', { numeric: true });

/** The first folder that has all these programs: of the PATH, then of the given ones. null when none has. */
const folderWith = async (programs: readonly string[], more: readonly string[] = []): Promise<string | null> => {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of [...path, ...more]) {
    const found = await Promise.all(programs.map((program) => canRun(join(folder, program))));
    if (found.every(Boolean)) return folder;
  }
  return null;
};

/** The folder of `initdb` and `postgres`, or null. */
export const findPostgres = async (): Promise<string | null> => {
  const versions = await readdir(POSTGRES_FOLDER).catch(() => []);
  const folders = versions.toSorted(newestFirst).map((version) => join(POSTGRES_FOLDER, version, 'bin'));
  return folderWith(['initdb', 'postgres'], folders);
};

/** The path of `redis-server`, or null. */
export const findRedis = async (): Promise<string | null> => {
  const folder = await folderWith(['redis-server']);
  return folder === null ? null : join(folder, 'redis-server');
};
