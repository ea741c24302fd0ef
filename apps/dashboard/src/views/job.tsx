import type { AttemptCounts, ErrorEstimate, JobId, JobView } from '@gossamer/protocol';
import type { VNode } from 'preact';
import * as api from '../api/grid-api.ts';
import { costWords, evidenceOf } from '../jobs/evidence.ts';
import {
  ATTEMPT_MEANING,
  ATTEMPT_TONE,
  PROGRAM_WORD,
  progressPercent,
  progressWords,
  remark,
  stateWord,
} from '../jobs/job-words.ts';
import { keptWords } from '../jobs/kept-words.ts';
import { comparisonWords, independenceWords, policyWords, requirementsWords } from '../jobs/policy-words.ts';
import { Heading } from '../parts/heading.tsx';
import { JobActions } from '../parts/job-actions.tsx';
import { paceWords } from '../parts/job-row.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { Tag } from '../parts/tag.tsx';
import { UnitsBar } from '../parts/units-bar.tsx';
import { useResource } from '../parts/use-resource.ts';
import type { UnitsQuery } from '../route.ts';
import { batchHref } from '../route.ts';
import { jobs, knownJobs, now, question } from '../state.ts';
import { count, plural, span, stamp } from '../words.ts';
import { Answer } from './answer.tsx';
import { SharedData } from './shared-data.tsx';
import { Units } from './units.tsx';

const OUTCOMES = Object.keys(ATTEMPT_MEANING) as (keyof AttemptCounts)[];

const Attempts = ({ job }: { job: JobView }): VNode => (
  <section class="section" aria-labelledby="attempts-title">
    <h2 id="attempts-title">Attempts by outcome</h2>
    <Table
      caption="Attempts by outcome"
      rows={OUTCOMES}
      rowKey={(outcome) => outcome}
      rowData={(outcome) => ({ 'data-outcome': outcome })}
      stacks={false}
      columns={[
        {
          label: 'Outcome',
          cell: (outcome) => (
            <Tag word={outcome} tone={job.attempts[outcome] === 0 ? 'quiet' : ATTEMPT_TONE[outcome]} />
          ),
        },
        { label: 'Attempts', numeric: true, cell: (outcome) => count(job.attempts[outcome]) },
        { label: 'Meaning', cell: (outcome) => <span class="hint">{ATTEMPT_MEANING[outcome]}</span> },
      ]}
    />
  </section>
);

/** What speaks for the results of a job that states how many may be wrong. */
const Evidence = ({ estimate }: { estimate: ErrorEstimate }): VNode => (
  <section class="section" aria-labelledby="evidence-title" data-testid="evidence">
    <h2 id="evidence-title">How far its results can be believed</h2>
    <Table
      caption="Evidence for the final results"
      rows={evidenceOf(estimate)}
      rowKey={({ label }) => label}
      columns={[
        { label: 'Evidence', cell: ({ label }) => label },
        { label: 'So far', numeric: true, cell: ({ value }) => value },
        { label: 'Meaning', wide: true, cell: ({ meaning }) => <span class="hint">{meaning}</span> },
      ]}
    />
  </section>
);

/** A term and what it says; nothing where there is nothing to say. */
const Term = ({ name, text }: { name: string; text: string | null }): VNode | null =>
  text === null ? null : (
    <>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </>
  );

const Terms = ({ job }: { job: JobView }): VNode => (
  <section class="section" aria-labelledby="terms-title">
    <h2 id="terms-title">Policy and limits</h2>
    <dl class="terms">
      <dt>When a result is true</dt>
      <dd>{policyWords(job.policy)}</dd>
      <Term name="When two are the same" text={comparisonWords(job)} />
      <dt>Independence</dt>
      <dd>
        {independenceWords(job.independence)}{' '}
        {(job.state === 'running' || job.state === 'held') && (
          <button
            type="button"
            class="link"
            data-testid="independence"
            onClick={() => (question.value = { kind: 'independence', job, giveUp: null })}
          >
            Change…
          </button>
        )}
      </dd>
      <Term
        name="Kind of browser"
        text={job.sameClass ? 'All replicas of a unit go to one kind of browser, whichever takes it first.' : null}
      />
      <Term name="Devices" text={requirementsWords(job.requirements)} />
      <Term name="Cost" text={job.estimate === null ? null : costWords(job.estimate)} />
      <dt>Limits of a unit</dt>
      <dd>
        {span(job.limits.deadlineMs)} of run time, a result of {count(job.limits.resultBytes)} bytes,{' '}
        {plural(job.limits.maxErrors, 'error')}, {plural(job.limits.maxAttempts, 'attempt')}
      </dd>
      <dt>Turn</dt>
      <dd>
        Priority {job.priority}, weight {job.weight}
      </dd>
      <dt>Source</dt>
      <dd>{job.source}</dd>
      <dt>Program</dt>
      <dd data-testid="program">
        {PROGRAM_WORD[job.programKind]}, <code>{job.program}</code>
      </dd>
      <dt>Signed by</dt>
      <dd>
        {job.signer === null ? 'nobody' : job.signer.name};{' '}
        {job.tier === null ? 'it runs nowhere now' : `runs in: ${job.tier}`}
      </dd>
      <dt>Kept</dt>
      <dd data-testid="kept">{keptWords(job, now.value)}</dd>
      {job.batch !== null && (
        <>
          <dt>Batch</dt>
          <dd>
            <a href={batchHref(job.batch)} data-testid="of-batch">
              <code>{job.batch}</code>
            </a>
          </dd>
        </>
      )}
      <dt>Job</dt>
      <dd>
        <code>{job.id}</code>
      </dd>
    </dl>
  </section>
);

const Detail = ({ job, query }: { job: JobView; query: UnitsQuery }): VNode => {
  const { word, tone } = stateWord(job, knownJobs.value ?? []);
  const said = remark(job);
  const end = job.completedAt ?? now.value;
  const pace = paceWords(job);
  return (
    <div class="view" data-testid="job" data-job={job.id}>
      <nav aria-label="Where you are" class="crumbs">
        <a href="#/jobs">Jobs</a>
      </nav>
      <Heading title={job.name} />
      <div class="job-summary">
        <div class="job-head">
          <Tag word={word} tone={tone} />
          <span class="hint">
            #{job.number} by {job.submitter}, submitted {stamp(job.createdAt)}
            {job.completedAt === null ? '' : `, completed after ${span(end - job.createdAt)}`}
          </span>
        </div>
        <div class="job-progress">
          <UnitsBar units={job.units} />
          <span class="job-percent">{progressPercent(job.units, job.inputs)}</span>
        </div>
        <p class="hint" aria-hidden="true">
          {progressWords(job.units, job.inputs)}
          {pace !== null && `. ${pace}`}
        </p>
        {said !== null && <p class={`job-remark ${tone}`}>{said}</p>}
        {job.warnings.map((warning) => (
          <p key={warning} class="job-remark warn" data-testid="warning">
            {warning}
          </p>
        ))}
        <JobActions job={job} />
      </div>
      {job.reduces && <Answer job={job} />}
      <div class="two">
        <Attempts job={job} />
        <Terms job={job} />
      </div>
      {Object.keys(job.data).length > 0 && <SharedData job={job} />}
      {job.errorEstimate !== null && <Evidence estimate={job.errorEstimate} />}
      <Units job={job} query={query} />
    </div>
  );
};

export const Job = ({ id, query }: { id: JobId; query: UnitsQuery }): VNode => {
  const live = jobs.value?.find((job) => job.id === id);
  // A job older than those that the stream tells of is asked for, again with every event.
  const asked = useResource(id, live === undefined ? jobs.value : null, (signal) => api.job(id, signal));
  if (live !== undefined) return <Detail job={live} query={query} />;
  if (asked.kind === 'ready') return <Detail job={asked.value} query={query} />;
  return (
    <div class="view">
      <Heading title="Job" />
      {asked.kind === 'loading' ? <Loading /> : <Failed error={asked.error} />}
    </div>
  );
};
