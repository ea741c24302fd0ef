import { errorOf, readSignerFile } from '@gossamer/sdk/node';
import { type Command, Option } from 'commander';
import { integer } from '../arguments.ts';
import { type Cli, action } from '../cli.ts';
import { PROGRAM } from '../job-flags.ts';
import { programWord } from '../job-words.ts';
import { type ProgramUse, programsOf } from '../programs-of.ts';
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
\`gossamer map\` or \`jobs create\` as --signature FILE; the program must be the same to the byte, so the same versions of
it and of what it imports.`;

export const programsCommand = (parent: Command): void => {
  const programs = parent.command('programs').description('what runs on the grid');
  programs.command('list').description('programs of your jobs, the last used first').action(action(list));
  programs.command('show <sha256>').description('one of them, and its jobs').action(action(show));
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

const signerText = ({ signer }: ProgramUse): string => signer?.name ?? 'nobody';

const list = async (cli: Cli): Promise<void> => {
  await cli.list(await programsOf(cli.grid().jobs.list()), (programs) =>
    table(
      ['PROGRAM', 'KIND', 'SIGNED BY', 'JOBS', 'OPEN', 'LAST USED'],
      programs.map((use) => [
        use.program,
        programWord(use.kind),
        signerText(use),
        use.jobs.length,
        use.open,
        moment(use.lastAt),
      ]),
      cli.out.isTerminal,
    ),
  );
};

const show = async (cli: Cli, sha256: string): Promise<void> => {
  const use = (await programsOf(cli.grid().jobs.list())).find(({ program }) => program === sha256);
  if (use === undefined) throw errorOf('blob-unknown', `no job of yours has the program ${sha256}`, { status: 404 });
  await cli.show(use, () =>
    fields(
      [
        ['program', use.program],
        ['kind', programWord(use.kind)],
        ['signed by', signerText(use)],
        ['last used', moment(use.lastAt)],
        ...use.jobs.map((job) => ['job', job] as const),
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
  await cli.show(await cli.grid().upload(file, { onWarning: warner(cli) }), ({ sha256 }) => sha256);
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
