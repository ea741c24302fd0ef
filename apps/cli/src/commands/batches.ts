import { type BatchSpecInput, type BatchView, LIMITS } from '@gossamer/protocol';
import { errorOf } from '@gossamer/sdk/node';
import type { Command } from 'commander';
import { basename } from 'node:path';
import { atLines } from '../batch/at-line.ts';
import { readBatch } from '../batch/read-batch.ts';
import { withPrograms } from '../batch/with-programs.ts';
import { type Cli, action } from '../cli.ts';
import { requireFile, saveArchive } from '../save.ts';
import { type SignerFlags, addSignerFlags, signerOptions } from '../signer-flags.ts';
import { fields, moment, table } from '../table.ts';
import { tellVisibility } from '../tell-job.ts';
import { watchBatchToEnd } from '../watch/watch-batch.ts';

const HELP = `
FILE (- is stdin) has a line of JSON for each job, as \`POST /v1/jobs\` takes it; "program" may be a path in place of a SHA-256:
  {"name": "night 1", "program": "./fit.ts", "source": {"kind": "range", "start": 0, "stop": 500}}
A relative path is relative to the working directory, not to FILE. All of the jobs are made, or none; ${LIMITS.batchJobs} at the most.
--signer signs the programs that are named by a path, for each job what it may use; a line that has a "signature" keeps it.`;

const WATCH_HELP = `
As \`gossamer watch\` does a job: drawn in place on a terminal, else in lines on standard error, and with --json each state
as one object a line on standard output. The status is 1 where units failed or jobs were cancelled. Ctrl-C ends the watching; the
jobs go on.`;

export const batchesCommand = (parent: Command): void => {
  const batches = parent.command('batches').description('many jobs made, followed and ended together');
  addSignerFlags(
    batches.command('create <file>').description('make a job of each line, all or none, and print the id of the batch'),
  )
    .option('--name <name>', "the batch's name (default: the file's)")
    .option('--held', 'give out nothing of its jobs before `batches release`')
    .option('--idempotency-key <text>', 'the same command with the same key makes no second batch')
    .addHelpText('after', HELP)
    .action(action(create));
  batches.command('list').description('list batches, newest first').action(action(list));
  batches.command('show <batch>').description('its jobs by state, and their units').action(action(show));
  batches
    .command('watch <batch>')
    .description('follow a batch until all of its jobs have ended')
    .addHelpText('after', WATCH_HELP)
    .action(action(watchBatchToEnd));
  batches
    .command('archive <batch>')
    .description(
      'all that is final of its jobs, as one ZIP archive: batch.json, and jobs/ID/ with what `jobs archive` has',
    )
    .option('-o, --output <file>', 'the file (default: the batch’s id and .zip); - is standard output')
    .action(action(archive));
  for (const [verb, description] of [
    ['hold', 'give out nothing new of its jobs until they are released'],
    ['cancel', 'end all of its jobs for good; what is final stays'],
  ] as const) {
    batches
      .command(`${verb} <batch>`)
      .description(description)
      .option('--reason <text>', 'shown to all who see the jobs', '')
      .action(
        action(async (cli: Cli, id: string, { reason }: { reason: string }) => {
          await cli.show(await cli.grid().batches[verb](id, reason), changedText);
        }),
      );
  }
  batches
    .command('release <batch>')
    .description('let its held jobs go on')
    .option('--reason <text>', 'stands in the history of each', '')
    .action(
      action(async (cli: Cli, id: string, { reason }: { reason: string }) => {
        await cli.show(await cli.grid().batches.release(id, reason), changedText);
      }),
    );
};

const changedText = ({ changed }: { changed: number }): string =>
  changed === 1 ? '1 job changed' : `${changed} jobs changed`;

interface CreateFlags extends SignerFlags {
  name?: string;
  held?: true;
  idempotencyKey?: string;
}

const create = async (cli: Cli, file: string, flags: CreateFlags): Promise<void> => {
  const { held, idempotencyKey, name = file === '-' ? 'batch' : basename(file) } = flags;
  const signing = await signerOptions(flags);
  const grid = cli.grid();
  const lines = await readBatch(file);
  const jobs = await withPrograms(cli, grid, lines, signing);
  const spec = { name, jobs, ...(held === true ? { held } : {}) };
  requireFits(spec);
  const made = await grid.batches
    .create(spec, idempotencyKey === undefined ? {} : { idempotencyKey })
    .catch((error: unknown) => {
      throw atLines(error, lines);
    });
  tellVisibility(cli, made.batch);
  if (held === true) cli.say(`its jobs are held until \`gossamer batches release ${made.batch.id}\``);
  await cli.show({ batch: made.batch, jobs: made.jobs.map(({ id }) => id) }, ({ batch }) => batch.id);
};

/** Throws what the coordinator would answer to more than it takes at once, with what to do. */
const requireFits = (spec: BatchSpecInput): void => {
  const bytes = Buffer.byteLength(JSON.stringify(spec));
  if (bytes <= LIMITS.body) return;
  throw errorOf(
    'body-too-large',
    `the batch has ${bytes} bytes, and a request may have ${LIMITS.body}: make several batches of the file, or put inputs ` +
      'into blobs (`gossamer blobs put`) that the sources of its jobs name',
  );
};

const archive = async (cli: Cli, id: string, { output = `${id}.zip` }: { output?: string }): Promise<void> => {
  requireFile(cli, output);
  await saveArchive(cli, await cli.grid().batches.archive(id), output);
};

const list = async (cli: Cli): Promise<void> => {
  await cli.list(cli.grid().batches.list(), (batches) =>
    table(
      ['BATCH', 'NAME', 'JOBS', 'ENDED', 'DONE', 'FAILED', 'UNITS', 'CREATED'],
      batches.map(({ id, name, jobs, units, createdAt }) => [
        id,
        name,
        jobs.total,
        jobs.completed + jobs.cancelled + jobs.deleted,
        units.validated,
        units.failed,
        units.total,
        moment(createdAt),
      ]),
      cli.out.isTerminal,
    ),
  );
};

const countText = ({ total, ...counts }: Record<string, number>): string => {
  const present = Object.entries(counts).filter(([, count]) => count > 0);
  return `${total}: ${present.map(([state, count]) => `${count} ${state}`).join(', ')}`;
};

const batchText = (view: BatchView, terminal: boolean): string =>
  fields(
    [
      ['batch', view.id],
      ['name', view.name],
      ['submitter', view.submitter],
      ['jobs', countText(view.jobs)],
      ['units', countText(view.units)],
      ['created', moment(view.createdAt)],
    ],
    terminal,
  );

const show = async (cli: Cli, id: string): Promise<void> => {
  await cli.show(await cli.grid().batches.get(id), (view) => batchText(view, cli.out.isTerminal));
};
