import type { JobView } from '@gossamer/protocol';
import type { VNode } from 'preact';
import { GridCharts } from '../charts/grid-charts.tsx';
import { recentMean } from '../charts/series.ts';
import { capacity, health, outOfTouch, troubled } from '../health.ts';
import { Figure } from '../parts/figure.tsx';
import { JobRow } from '../parts/job-row.tsx';
import { Loading } from '../parts/states.tsx';
import { connection, devices, knownJobs, now, sessions, stats } from '../state.ts';
import { count, plural, rate, span } from '../words.ts';
import { DeviceTable, NoDevices } from './devices.tsx';
import { NoJobs } from './jobs.tsx';

const MINUTE = 60_000;
const MOST_JOBS = 5;
const MOST_DEVICES = 6;

const Standing = ({ all }: { all: readonly JobView[] }): VNode => {
  const known = health({ jobs: all, sessions: sessions.value, samples: stats.value?.samples ?? [] });
  const at = connection.value;
  const { tone, word, detail } = at.kind === 'lost' ? outOfTouch(known, at.since) : known;
  return (
    <div class={`standing ${tone}`} data-testid="health">
      <h1 tabIndex={-1}>
        <span class="dot" aria-hidden="true" />
        <span class="unseen">The grid: </span>
        <span class="standing-word">{word}</span>
      </h1>
      <p class="lead">{detail}</p>
    </div>
  );
};

const Figures = ({ all }: { all: readonly JobView[] }): VNode => {
  const samples = stats.value?.samples ?? [];
  const able = capacity(devices.value ?? []);
  const newest = samples.at(-1);
  const running = all.filter((job) => job.state === 'running');
  const invalid = all.reduce((sum, job) => sum + job.attempts.invalid, 0);
  const errored = all.reduce((sum, job) => sum + job.attempts.errored, 0);
  return (
    <dl class="figures">
      <Figure
        label="Validated"
        value={`${rate(recentMean(samples, 'validated', MINUTE))}/s`}
        note={`${rate(recentMean(samples, 'returned', MINUTE))} results a second came back in the last minute`}
      />
      <Figure
        label="Devices"
        value={count(sessions.value)}
        note={`${plural(able.slots, 'slot')}, ${plural(able.leased, 'attempt')} leased`}
      />
      <Figure
        label="Queue"
        value={count(newest?.queue ?? 0)}
        note={`units wait for a device, in ${plural(running.length, 'running job')}`}
      />
      <Figure
        label="Disagreement"
        value={count(invalid)}
        note={`results were outvoted; ${plural(errored, 'attempt')} ended with an error`}
      />
    </dl>
  );
};

const JobSection = ({ id, title, list, more }: { id: string; title: string; list: JobView[]; more: string }) => (
  <section class="section" aria-labelledby={id} data-testid={id}>
    <h2 id={id}>{title}</h2>
    <ul class="job-list">
      {list.slice(0, MOST_JOBS).map((job) => (
        <JobRow key={job.id} job={job} />
      ))}
    </ul>
    {list.length > MOST_JOBS && <a href="#/jobs">{`${plural(list.length - MOST_JOBS, more)} in the list of jobs`}</a>}
  </section>
);

const Computing = (): VNode => {
  const all = devices.value;
  const connected = all?.filter((device) => device.connected) ?? [];
  return (
    <section class="section" aria-labelledby="computing">
      <h2 id="computing">Who computes</h2>
      {all === null && <Loading />}
      {all?.length === 0 && <NoDevices />}
      {all !== null && all.length > 0 && connected.length === 0 && (
        <p class="hint">
          None of {plural(all.length, 'known device')} is connected. A device comes back when its browser opens the{' '}
          <a href="/">volunteers’ page</a>.
        </p>
      )}
      {connected.length > 0 && <DeviceTable rows={connected.slice(0, MOST_DEVICES)} />}
      {all !== null && all.length > 0 && <a href="#/devices">All devices</a>}
    </section>
  );
};

export const Overview = (): VNode => {
  const all = knownJobs.value;
  if (all === null) return <Loading />;
  const bad = troubled(all);
  const fine = all.filter((job) => job.state === 'running' && !bad.includes(job));
  const since = stats.value === null ? null : span(now.value - stats.value.startedAt);
  return (
    <div class="view">
      <Standing all={all} />
      <Figures all={all} />
      {all.length === 0 && <NoJobs />}
      {bad.length > 0 && <JobSection id="stuck" title="What to look at" list={bad} more="more job" />}
      {fine.length > 0 && <JobSection id="in-work" title="In work" list={fine} more="more job" />}
      <GridCharts samples={stats.value?.samples ?? []} />
      <Computing />
      {stats.value !== null && (
        <p class="hint">
          Gossamer {stats.value.version} on the {stats.value.store} store, up for {since}.
        </p>
      )}
    </div>
  );
};
