import { commandTree } from './command-tree.ts';
import { exitCodeOf } from './exit-code.ts';
import { reportError } from './report-error.ts';

/** Runs one command line (without node and script) and leaves its status in `process.exitCode`. */
export const runCli = async (args: readonly string[]): Promise<void> => {
  const json = args.includes('--json');
  try {
    await commandTree({ json }).parseAsync(args, { from: 'user' });
  } catch (error) {
    reportError(error, json);
    process.exitCode = exitCodeOf(error);
  }
};
