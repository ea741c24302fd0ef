import type { GridView } from '@gossamer/protocol';
import type { VNode } from 'preact';
import { dataText } from '../words.ts';

type Job = GridView['jobs'][number];

const Row = ({ job }: { job: Job }): VNode => {
  const reads = dataText(job.data);
  return (
    <li class="job">
      <span class="job-name">{job.name}</span>
      <span class="job-for">for {job.submitter}</span>
      <progress aria-label={`Verified units of ${job.name}`} max={Math.max(1, job.units)} value={job.validated} />
      <span class="job-count">
        {job.validated.toLocaleString('en')} of {job.units.toLocaleString('en')} units verified
      </span>
      {reads !== null && (
        <span class="job-data" data-testid="job-data">
          Its program reads shared data: {reads}. A tab fetches what it needs of that.
        </span>
      )}
    </li>
  );
};

/** What would run now, and for whom. */
export const Jobs = ({ jobs }: { jobs: Job[] }): VNode => (
  <section aria-labelledby="jobs">
    <h2 id="jobs">What would run now, and for whom</h2>
    {jobs.length === 0 ? (
      <p class="empty">No job waits for work at this moment. You can start all the same: the tab waits for one.</p>
    ) : (
      <ul class="jobs">
        {jobs.map((job) => (
          <Row key={job.number} job={job} />
        ))}
      </ul>
    )}
    <p class="hint">Jobs come and go: later ones of the same grid run under the same terms.</p>
  </section>
);
