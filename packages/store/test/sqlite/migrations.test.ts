import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SchemaTooNew, SqliteLogStore } from '../../src/index.ts';
import { segmentChecksum } from '../../src/sqlite/log/checksum.ts';
import { LOG_MIGRATIONS } from '../../src/sqlite/log/migrations/index.ts';
import { migrate } from '../../src/sqlite/migrate.ts';
import { READS_MIGRATIONS } from '../../src/sqlite/reads/migrations/index.ts';
import { WEBHOOKS_MIGRATIONS } from '../../src/sqlite/webhooks/migrations/index.ts';
import { testDirectory } from '../contract/directory.ts';
import { bodyOf, readAll, segmentOf } from '../contract/segments.ts';

const versionOf = (database: Database.Database) => database.pragma('user_version', { simple: true });
const tablesOf = (database: Database.Database) =>
  database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all();

const opened = async (path: string): Promise<SqliteLogStore> => {
  const log = await SqliteLogStore.open(path);
  onTestFinished(() => log.close());
  return log;
};

describe('the schema', () => {
  test.each([1, 2, 3, 4, 5])(
    'ST19: a log of schema version %i is brought up to date, and its data stays',
    async (version) => {
      const path = join(await testDirectory(), 'log.db');
      const old = new Database(path);
      migrate(old, LOG_MIGRATIONS.slice(0, version));
      expect(versionOf(old)).toBe(version);
      const segment = segmentOf(5, 1, 1, 3);
      old.exec(`INSERT INTO shard (shard, epoch, first, next) VALUES (5, 1, 1, ${version > 1 ? 4 : 1})`);
      if (version > 1) {
        old
          .prepare('INSERT INTO segment (shard, seq, n, epoch, checksum, body) VALUES (5, 1, 3, 1, ?, ?)')
          .run(segmentChecksum(segment), segment.body);
      }
      old.close();

      const log = await opened(path);
      expect(await log.epochOf(5)).toBe(1);
      expect(await readAll(log, 5)).toEqual(version > 1 ? [segment] : []);
      const next = version > 1 ? 4 : 1;
      expect(await log.append([segmentOf(5, 1, next)])).toEqual(['ok']);
      expect(await log.setSnapshot(5, 1, next, bodyOf(5, next, 9))).toBe('ok');
      await log.close();
      const current = new Database(path);
      expect(versionOf(current)).toBe(LOG_MIGRATIONS.length);
      current.close();
    },
  );

  test('ST19: a log of a newer schema version is refused with a word on what to do, and not touched', async () => {
    const path = join(await testDirectory(), 'log.db');
    const newer = new Database(path);
    migrate(newer, [...LOG_MIGRATIONS, 'CREATE TABLE future (x)']);
    newer.close();
    await expect(SqliteLogStore.open(path)).rejects.toThrow(SchemaTooNew);
    await expect(SqliteLogStore.open(path)).rejects.toThrow(
      `schema version ${LOG_MIGRATIONS.length + 1}, this program knows versions up to ${LOG_MIGRATIONS.length}: start the newer`,
    );
    const after = new Database(path);
    expect([versionOf(after), tablesOf(after)]).toEqual([
      LOG_MIGRATIONS.length + 1,
      ['future', 'grid_segment', 'segment', 'shard', 'snapshot'],
    ]);
    after.close();
  });

  test('ST19: a migration that fails leaves the version before it, whole', () => {
    const database = new Database(':memory:');
    const broken = 'CREATE TABLE half (x); CREATE TABLE shard (y)';
    expect(() => migrate(database, [LOG_MIGRATIONS[0]!, broken])).toThrow(/already exists/);
    expect([versionOf(database), tablesOf(database)]).toEqual([1, ['shard']]);
    migrate(database, [LOG_MIGRATIONS[0]!, 'CREATE TABLE other (x)']);
    expect([versionOf(database), tablesOf(database)]).toEqual([2, ['other', 'shard']]);
    migrate(database, [LOG_MIGRATIONS[0]!, 'CREATE TABLE other (x)']);
    expect(versionOf(database)).toBe(2);
  });

  test('ST19: every migration is one statement', () => {
    const database = new Database(':memory:');
    for (const sql of [...LOG_MIGRATIONS, ...READS_MIGRATIONS]) database.prepare(sql).run();
    expect(tablesOf(database)).toEqual([
      'change',
      'cursor',
      'grid_segment',
      'reduction',
      'result',
      'segment',
      'shard',
      'snapshot',
      'unit_fact',
    ]);
    const webhooks = new Database(':memory:');
    for (const sql of WEBHOOKS_MIGRATIONS) webhooks.prepare(sql).run();
    expect(tablesOf(webhooks)).toEqual(['cursor', 'delivery', 'webhook']);
  });
});
