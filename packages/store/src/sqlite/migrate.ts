import { SchemaTooNew } from '../errors.ts';
import type { Connection } from './connection.ts';

/**
 * Brings a schema up to date. Statement number k (from 1) leads to version k, kept in `PRAGMA user_version`; each runs
 * in a transaction of its own. Throws SchemaTooNew for a version that lies beyond the last statement.
 */
export const migrate = (connection: Connection, statements: readonly string[]): void => {
  const version = Number(connection.pragma('user_version', { simple: true }));
  if (version > statements.length) {
    throw new SchemaTooNew(
      `${connection.name} has schema version ${version}, this program knows versions up to ${statements.length}: ` +
        'start the newer program that wrote it, or restore an older backup',
    );
  }
  const step = connection.transaction((statement: string, reached: number) => {
    connection.exec(statement);
    connection.pragma(`user_version = ${reached}`);
  });
  for (let reached = version + 1; reached <= statements.length; reached++) {
    step.immediate(statements[reached - 1]!, reached);
  }
};
