import type { Command } from 'commander';
import { jobsAnswer } from './jobs-answer.ts';
import { jobsArchive } from './jobs-archive.ts';
import { jobsAttempts } from './jobs-attempts.ts';
import { jobsCancel, jobsChange, jobsClose, jobsHold, jobsRelease } from './jobs-change.ts';
import { jobsCreate } from './jobs-create.ts';
import { jobsDelete } from './jobs-delete.ts';
import { jobsExplain } from './jobs-explain.ts';
import { jobsFailures } from './jobs-failures.ts';
import { jobsList } from './jobs-list.ts';
import { jobsResults } from './jobs-results.ts';
import { jobsRetry } from './jobs-retry.ts';
import { jobsShow } from './jobs-show.ts';
import { jobsSpec } from './jobs-spec.ts';
import { jobsUnits } from './jobs-units.ts';
import { watchCommand } from './watch.ts';

export const jobsCommand = (parent: Command): void => {
  const jobs = parent.command('jobs').description('create, follow and change jobs');
  for (const add of [
    jobsCreate,
    jobsList,
    jobsShow,
    jobsSpec,
    jobsExplain,
    watchCommand,
    jobsResults,
    jobsAnswer,
    jobsArchive,
    jobsUnits,
    jobsFailures,
    jobsAttempts,
    jobsChange,
    jobsHold,
    jobsRelease,
    jobsClose,
    jobsCancel,
    jobsRetry,
    jobsDelete,
  ]) {
    add(jobs);
  }
};
