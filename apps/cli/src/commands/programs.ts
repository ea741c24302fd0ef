import type { ProgramView } from '@gossamer/protocol';
import { readSignerFile } from '@gossamer/sdk/node';
import { type Command, Option } from 'commander';
import { integer } from '../arguments.ts';
import { type Cli, action } from '../cli.ts';
import { PROGRAM } from '../job-flags.ts';
import { programWord } from '../job-words.ts';
import { signerPath } from '../signer-path.ts';
import { fields, moment, table } from '../table.ts';

interface SignFlags {
  signer: string;
  name?: string;
  deadline?: number;
  resultBytes?: number;
}

const HELP = `
Nothing is asked of a coordinator: it can be done where the key is kept, away from the network. What is printed goes to
\`gossamer map\`, \`jobs create\` or \`batches create\` as --signature FILE; the program must be the same to the byte, so the same
versions of it and of what it imports.`;

export const programsCommand = (parent: Command): void => {
  const programs = parent.command('programs').description('what runs on the grid');
  programs
    .command('list')
    .description('programs of your jobs, the last used first')
    .option('--submitter <key>', "only those of this key's jobs, for operators")
    .action(action(list));
  programs
    .command('show <sha256>')
    .description('one of them; its jobs are told by `jobs list --program SHA256`')
    .action(action(show));
  programs
    .command('check')
    .argument('<file>', PROGRAM)
    .description('bundle a program and say whether it can be one; nothing is sent')
    .action(action(check));
  programs
    .command('upload')
    .argument('<file>', PROGRAM)
    .description('bundle a program, upload it, and print its name')
    .action(action(upload));
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

const signerText = ({ signer }: ProgramView): string => signer?.name ?? 'nobody';

const list = async (cli: Cli, filter: { submitter?: string }): Promise<void> => {
  await cli.list(cli.grid().programs.list(filter), (programs) =>
    table(
      ['PROGRAM', 'KIND', 'NAME', 'SIGNED BY', 'JOBS', 'OPEN', 'LAST USED'],
      programs.map((view) => [
        view.sha256,
        programWord(view.kind),
        view.name,
        signerText(view),
        view.jobs,
        view.openJobs,
        moment(view.lastUsedAt),
      ]),
      cli.out.isTerminal,
    ),
  );
};

const show = async (cli: Cli, sha256: string): Promise<void> => {
  await cli.show(await cli.grid().programs.get(sha256), (view) =>
    fields(
      [
        ['program', view.sha256],
        ['kind', programWord(view.kind)],
        ['name', view.name],
        ['bytes', view.size ?? 'gone'],
        ['signed by', signerText(view)],
        ['source map', view.sourceMap ?? 'none'],
        ['jobs', `${view.jobs}, of which ${view.openJobs} have not ended`],
        ['first used', moment(view.firstUsedAt)],
        ['last used', moment(view.lastUsedAt)],
      ],
      cli.out.isTerminal,
    ),
  );
};

const warner =
  (cli: Cli) =>
  (text: string): void =>
    cli.say(`warning: ${text}`);

const check = async (cli: Cli, file: string): Promise<void> => {
  const { name } = await cli.grid({ open: true }).check(file, { onWarning: warner(cli) });
  await cli.show({ name, ok: true }, () => `${name} can be a program`);
};

const upload = async (cli: Cli, file: string): Promise<void> => {
  const { sha256, name, sourceMap } = await cli.grid().upload(file, { onWarning: warner(cli) });
  await cli.show({ sha256, name, sourceMap }, (uploaded) => uploaded.sha256);
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
  const options = { signer, limits, onWarning: warner(cli), ...(name === undefined ? {} : { name }) };
  await cli.show(await cli.grid({ open: true }).sign(file, options), (signed) => JSON.stringify(signed, null, 2));
};
