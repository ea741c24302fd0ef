import type { BatchId, BatchView, JobState, JobView } from '@gossamer/protocol';
import type { VNode } from 'preact';
import * as api from '../api/grid-api.ts';
import { batchWord, jobsWords } from '../batches/batch-words.ts';
import { progressPercent, progressWords, remark, stateWord } from '../jobs/job-words.ts';
import { BatchActions } from '../parts/batch-actions.tsx';
import { Filters } from '../parts/filters.tsx';
import { Heading } from '../parts/heading.tsx';
import { Pages } from '../parts/pages.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { Tag } from '../parts/tag.tsx';
import { UnitsBar } from '../parts/units-bar.tsx';
import { useResource } from '../parts/use-resource.ts';
import type { BatchJobsQuery } from '../route.ts';
import { href, jobHref } from '../route.ts';
import { jobs as liveJobs } from '../state.ts';
import { count, stamp } from '../words.ts';
import { useBatchesVersion } from './batches-state.ts';

const FILTERS: readonly (JobState | null)[] = [null, 'running', 'held', 'completed', 'cancelled'];

const StateTag = ({ job }: { job: JobView }): VNode => {
  const { word, tone } = stateWord(job, liveJobs.value ?? []);
  return <Tag word={word} tone={tone} />;
};

const JobTable = ({ batch, jobs }: { batch: BatchView; jobs: readonly JobView[] }): VNode => {
  const hasRemarks = jobs.some((job) => remark(job) !== null);
  return (
    <Table
      caption={`Jobs of ${batch.name}`}
      rows={jobs}
      rowKey={({ id }) => id}
      rowData={({ id, state }) => ({ 'data-testid': 'batch-job', 'data-job': id, 'data-state': state })}
      columns={[
        { label: 'Job', cell: (job) => <a href={jobHref(job.id)}>{job.name}</a> },
        { label: 'State', cell: (job) => <StateTag job={job} /> },
        { label: 'Done', numeric: true, cell: ({ units, inputs }) => progressPercent(units, inputs) },
        {
          label: 'Units',
          numeric: true,
          cell: ({ units }) => (
            <>
              {count(units.total)}
              {units.failed > 0 && <span class="number-bad"> {count(units.failed)} failed</span>}
            </>
          ),
        },
        ...(hasRemarks ? [{ label: 'Why', wide: true, cell: (job: JobView) => remark(job) ?? '' }] : []),
      ]}
    />
  );
};

const Jobs = ({ batch, query }: { batch: BatchView; query: BatchJobsQuery }): VNode => {
  const { id, jobs } = batch;
  const { state, after } = query;
  const page = useResource(`${id}?${state}&${after}`, useBatchesVersion(), (signal) =>
    api.batchJobs(id, query, signal),
  );
  const to = (asked: BatchJobsQuery): string => href({ view: 'batch', id, jobs: asked });
  return (
    <section class="section" aria-labelledby="batch-jobs-title">
      <h2 id="batch-jobs-title">Its jobs</h2>
      <Filters
        label="Jobs to show"
        states={FILTERS}
        chosen={state}
        numberOf={(one) => (one === null ? jobs.total - jobs.deleted : jobs[one])}
        to={(one) => to({ state: one, after: null })}
      />
      {page.kind === 'loading' && <Loading />}
      {page.kind === 'failed' && <Failed error={page.error} />}
      {page.kind === 'ready' && page.value.items.length === 0 && (
        <Empty title={state === null ? 'No job of it is here' : `No job of it is ${state}`}>
          {state === null ? (
            <p>{jobs.deleted > 0 ? 'Those that it had were deleted.' : 'There is none on this page.'}</p>
          ) : (
            <p>
              <a href={to({ state: null, after: null })}>Show all of its jobs</a>
            </p>
          )}
        </Empty>
      )}
      {page.kind === 'ready' && page.value.items.length > 0 && <JobTable batch={batch} jobs={page.value.items} />}
      {page.kind === 'ready' && (
        <Pages label="Pages of jobs" after={after} next={page.value.next} to={(from) => to({ state, after: from })} />
      )}
    </section>
  );
};

const WhereYouAre = (): VNode => (
  <nav aria-label="Where you are" class="crumbs">
    <a href={href({ view: 'batches', after: null })}>Batches</a>
  </nav>
);

const Detail = ({ batch, query }: { batch: BatchView; query: BatchJobsQuery }): VNode => {
  const { word, tone } = batchWord(batch);
  return (
    <div class="view" data-testid="batch" data-batch={batch.id}>
      <WhereYouAre />
      <Heading title={batch.name} />
      <div class="job-summary">
        <div class="job-head">
          <Tag word={word} tone={tone} />
          <span class="hint">
            by {batch.submitter}, made {stamp(batch.createdAt)}
          </span>
        </div>
        <div class="job-progress">
          <UnitsBar units={batch.units} />
          <span class="job-percent">{progressPercent(batch.units)}</span>
        </div>
        <p class="hint" data-testid="batch-words">
          {jobsWords(batch)}. <span aria-hidden="true">{progressWords(batch.units)}</span>
        </p>
        <p class="hint">
          <code>{batch.id}</code>
        </p>
        <BatchActions batch={batch} />
      </div>
      <Jobs batch={batch} query={query} />
    </div>
  );
};

export const Batch = ({ id, query }: { id: BatchId; query: BatchJobsQuery }): VNode => {
  const asked = useResource(id, useBatchesVersion(), (signal) => api.batch(id, signal));
  if (asked.kind === 'ready') return <Detail batch={asked.value} query={query} />;
  return (
    <div class="view">
      <WhereYouAre />
      <Heading title="Batch" />
      {asked.kind === 'loading' ? <Loading /> : <Failed error={asked.error} />}
    </div>
  );
};
