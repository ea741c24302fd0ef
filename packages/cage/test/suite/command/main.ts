import { UsageError } from './options.ts';
import { runFile } from './run-file.ts';
import { suite } from './suite.ts';

const COMMANDS: Record<string, (args: string[], write: (text: string) => void) => Promise<number>> = {
  suite,
  run: runFile,
};

/** Where a command's text goes. */
export interface Streams {
  out(text: string): void;
  err(text: string): void;
}

const TERMINAL: Streams = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

/** Gives the exit code: 0 where all held, 1 where something did not, 2 for a mistake in the arguments. */
export const main = async ([name = '', ...args]: string[], streams = TERMINAL): Promise<number> => {
  const command = COMMANDS[name];
  try {
    if (command === undefined) throw new UsageError(`there is no command "${name}"; expected run FILE`);
    return await command(args, streams.out);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    streams.err(`${error.message}\n`);
    return 2;
  }
};
