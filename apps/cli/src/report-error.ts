import { GossamerError } from '@gossamer/sdk/node';
import { CommanderError } from 'commander';
import { UsageError } from './exit-code.ts';
import { OutputClosed } from './output.ts';
import { printableLines } from './printable.ts';

/** Says on standard error what went wrong: what, where, and which page tells more. */
export const reportError = (error: unknown, json: boolean): void => {
  if (error instanceof OutputClosed) return;
  // The parser of arguments speaks by itself, unless it is to be JSON; help that was asked for is no error.
  if (error instanceof CommanderError && (!json || error.exitCode === 0)) return;
  process.stderr.write(`${json ? jsonReport(error) : printableLines(textReport(error))}\n`);
};

const jsonReport = (error: unknown): string => {
  if (error instanceof CommanderError) return JSON.stringify({ code: 'usage', message: parserMessage(error) });
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof GossamerError)) {
    return JSON.stringify({ code: error instanceof UsageError ? 'usage' : 'internal', message });
  }
  const { code, status, errors, quota } = error;
  return JSON.stringify({ code, message, status, errors, quota });
};

/** Where a command has only commands of its own, the parser's answer is its help. */
const parserMessage = ({ code, message }: CommanderError): string =>
  code === 'commander.help' ? 'a command is missing; --help lists them' : message.replace(/^error: /, '');

const textReport = (error: unknown): string => {
  if (error instanceof UsageError) return `gossamer: ${error.message}`;
  if (!(error instanceof GossamerError)) {
    return `gossamer: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
  const told = new Set<string>();
  const more = (error.errors ?? []).filter(({ message }) => {
    // The error's own words tell of one of those that are alike.
    const isThere = error.message.includes(message) && !told.has(message);
    told.add(message);
    return !isThere;
  });
  return [
    `gossamer: ${error.message} (${error.code})`,
    ...more.map(({ path, message }) => `  ${path}: ${message}`),
  ].join('\n');
};
