import { readSignerFile } from '@gossamer/sdk/node';
import { type Command, Option } from 'commander';
import { integer } from '../arguments.ts';
import { type Cli, action } from '../cli.ts';
import { signerPath } from '../signer-path.ts';

interface SignFlags {
  signer: string;
  name?: string;
  deadline?: number;
  resultBytes?: number;
}

const HELP = `
Nothing is asked of a coordinator: it can be done where the key is kept, away from the network. What is printed goes to
\`gossamer map\` or \`jobs create\` as --signature FILE; the program must be the same to the byte, so the same versions of
it and of what it imports.`;

export const programsCommand = (parent: Command): void => {
  const programs = parent.command('programs').description('what runs on the grid');
  programs
    .command('sign <file>')
    .description('bundle a program and print its manifest with a signature')
    .addOption(new Option('--signer <name>', 'the key').env('GOSSAMER_SIGNER').makeOptionMandatory())
    .option('--name <name>', "the program's name (default: that of its file)")
    .option('--deadline <ms>', 'run time that a unit may take, at the most', integer)
    .option('--result-bytes <n>', 'bytes that a result may have, at the most', integer)
    .addHelpText('after', HELP)
    .action(action(sign));
};

const sign = async (
  cli: Cli,
  file: string,
  { signer: named, name, deadline, resultBytes }: SignFlags,
): Promise<void> => {
  const { signer } = await readSignerFile(signerPath(named));
  const limits = {
    ...(deadline === undefined ? {} : { deadlineMs: deadline }),
    ...(resultBytes === undefined ? {} : { resultBytes }),
  };
  const onWarning = (text: string): void => cli.say(`warning: ${text}`);
  const options = { signer, limits, onWarning, ...(name === undefined ? {} : { name }) };
  await cli.out.line(JSON.stringify(await cli.grid({ open: true }).sign(file, options), null, 2));
};
