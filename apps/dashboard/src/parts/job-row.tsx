import type { JobView } from '@gossamer/protocol';
import type { VNode } from 'preact';
import { progressPercent, progressWords, remark, stateWord } from '../jobs/job-words.ts';
import { paceOf } from '../jobs/pace.ts';
import { jobHref } from '../route.ts';
import { knownJobs, now, paces } from '../state.ts';
import { rate, span } from '../words.ts';
import { JobActions } from './job-actions.tsx';
import { Tag } from './tag.tsx';
import { UnitsBar } from './units-bar.tsx';

/** How fast a running job goes and how long it takes still, in words; null while that cannot be told. */
export const paceWords = (job: JobView): string | null => {
  const pace = paceOf(paces.value, job, now.value);
  if (pace === null || pace === 0 || job.state !== 'running') return null;
  const left = job.estimate?.leftMs ?? null;
  return `${rate(pace)} units a second${left === null ? '' : `, about ${span(left)} left`}`;
};

/** A job in a list: how far it is, what keeps it, and what can be done. */
export const JobRow = ({ job }: { job: JobView }): VNode => {
  const { word, tone } = stateWord(job, knownJobs.value ?? []);
  const said = remark(job);
  const pace = paceWords(job);
  return (
    <li class="job-row" data-testid="job-row" data-job={job.id} data-state={job.state}>
      <div class="job-head">
        <a class="job-name" href={jobHref(job.id)}>
          {job.name}
        </a>
        <span class="hint">
          #{job.number} by {job.submitter}
        </span>
        <Tag word={word} tone={tone} />
      </div>
      <div class="job-progress">
        <UnitsBar units={job.units} />
        <span class="job-percent">{progressPercent(job.units, job.inputs)}</span>
      </div>
      <p class="job-numbers hint" aria-hidden="true">
        {progressWords(job.units, job.inputs)}
        {pace !== null && `. ${pace}`}
      </p>
      {said !== null && <p class={`job-remark ${tone}`}>{said}</p>}
      <JobActions job={job} />
    </li>
  );
};
