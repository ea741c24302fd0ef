import type { JobView } from '@gossamer/protocol';
import type { Job } from '@gossamer/sdk/node';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { doneOf, progressLine } from '../progress.ts';
import { followToEnd } from './follow-to-end.ts';
import { frameOf } from './live-frame.ts';
import type { Drawing } from './live-view.ts';

/** How a job is drawn on a terminal. */
export const JOB_DRAWING: Drawing<JobView> = {
  counts: (view) => ({ done: doneOf(view), total: view.units.total }),
  frame: frameOf,
};

/** Shows a job until it is over, as `followToEnd` does. Returns the exit status. */
export const watchToEnd = (cli: Cli, job: Job): Promise<number> =>
  followToEnd(cli, {
    ...JOB_DRAWING,
    watch: (options) => job.watch(options),
    line: progressLine,
    status: (last) =>
      last !== null && last.state === 'completed' && last.units.failed === 0 ? EXIT.ok : EXIT.incomplete,
    goesOn: `${job.id} goes on; \`gossamer watch ${job.id}\` follows it again`,
  });
