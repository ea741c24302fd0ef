import type { Job } from '@gossamer/sdk/node';
import type { Cli } from './cli.ts';

/** Said once of each job, or batch of jobs, by whatever submits one. */
export const tellVisibility = (cli: Cli, { id }: { id: string }): void =>
  cli.say(`${id}: its inputs can be seen by the volunteers who compute them`);

/** The id of a job that was made; with --json, the job. */
export const tellJob = async (cli: Cli, job: Job): Promise<void> => {
  if (cli.json) await cli.out.json(await job.view());
  else await cli.out.line(job.id);
};
