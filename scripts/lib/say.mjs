import { fileURLToPath } from 'node:url';

/** The root folder of the checkout. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** One line for a person. Always on stderr: stdout belongs to the data of the command that set-up runs before. */
export const say = (text) => process.stderr.write(`gossamer: ${text}\n`);

/** An error whose message alone is meant for the person at the terminal: no stack. */
export class SetupError extends Error {
  name = 'SetupError';
}

/** Runs `main` and turns what it throws into a message on stderr and exit code 1. */
export const runMain = async (main) => {
  try {
    await main();
  } catch (error) {
    process.stderr.write(error instanceof SetupError ? `\ngossamer: ${error.message}\n` : `${error?.stack ?? error}\n`);
    process.exitCode = 1;
  }
};
