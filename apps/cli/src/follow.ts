import type { JobView } from '@gossamer/protocol';
import type { Job } from '@gossamer/sdk/node';
import type { Cli } from './cli.ts';
import { Progress } from './progress.ts';

/** Draws a job's progress until it is over or `signal` is aborted; returns the last view. */
export const follow = async ({ quiet, out }: Cli, job: Job, signal?: AbortSignal): Promise<JobView | null> => {
  const progress = new Progress(process.stderr, quiet);
  out.onTerminalWrite = () => progress.clear();
  let last: JobView | null = null;
  try {
    for await (const view of job.watch(signal === undefined ? {} : { signal })) {
      progress.update(view);
      last = view;
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  } finally {
    progress.end();
  }
  const hasFailed = last !== null && last.units.failed > 0 && last.state !== 'running';
  if (hasFailed && !quiet) process.stderr.write(`why units failed: gossamer jobs failures ${last!.id}\n`);
  return last;
};
