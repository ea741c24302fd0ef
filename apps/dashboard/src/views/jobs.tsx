import type { JobState, JobView } from '@gossamer/protocol';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import * as api from '../api/grid-api.ts';
import { errorWords } from '../api/errors.ts';
import { Heading } from '../parts/heading.tsx';
import { JobRow } from '../parts/job-row.tsx';
import { Empty, Loading } from '../parts/states.tsx';
import { LIVE_JOBS } from '../live/older-open.ts';
import { poll } from '../live/poll.ts';
import { endsSession } from '../session.ts';
import { connection, jobs, notice } from '../state.ts';
import { plural } from '../words.ts';

const FILTERS: readonly (JobState | null)[] = [null, 'running', 'held', 'completed', 'cancelled'];

/** How often older jobs are read again, ms. */
const AGAIN_MS = 8000;

/** The pages behind the first one, until there are as many jobs as before. */
const readAgain = async (count: number): Promise<{ items: JobView[]; next: string | null }> => {
  let { next } = await api.jobs(null);
  const items: JobView[] = [];
  while (next !== null && items.length < count) {
    const page = await api.jobs(next);
    items.push(...page.items);
    next = page.next;
  }
  return { items, next };
};

export const NoJobs = (): VNode => (
  <Empty title="No job has been submitted yet">
    <p>
      Submit the example search from the repository with <code>npm run demo</code>, or a program of your own:
    </p>
    <pre tabIndex={0}>
      <code>seq 1 1000 | gossamer map ./program.ts</code>
    </pre>
    <p>
      The REST API is described at <a href="/docs">/docs</a>; <a href="#/keys">make a submitter’s key</a> for whoever
      should use it.
    </p>
  </Empty>
);

/** Jobs older than those that the stream tells of, page by page; what is shown of them is read again now and then. */
const useOlder = () => {
  const older = useSignal<{ items: JobView[]; next: string | null } | null>(null);
  const busy = useSignal(false);
  useEffect(
    () =>
      poll(async () => {
        const shown = older.value;
        if (shown === null || busy.value || connection.value.kind === 'lost') return;
        // What cannot be read now is tried again, and the stream tells why.
        const read = await readAgain(shown.items.length).catch(() => null);
        // More may have been asked for meanwhile.
        if (read !== null && older.value === shown) older.value = read;
      }, AGAIN_MS),
    [],
  );
  const more = async (): Promise<void> => {
    busy.value = true;
    try {
      const from = older.value === null ? (await api.jobs(null)).next : older.value.next;
      const page = from === null ? { items: [], next: null } : await api.jobs(from);
      older.value = { items: [...(older.value?.items ?? []), ...page.items], next: page.next };
    } catch (error) {
      if (!endsSession(error)) notice.value = { tone: 'bad', text: errorWords(error) };
    }
    busy.value = false;
  };
  return { older, busy, more };
};

export const Jobs = (): VNode => {
  const filter = useSignal<JobState | null>(null);
  const { older, busy, more } = useOlder();
  const live = jobs.value;
  if (live === null) {
    return (
      <div class="view">
        <Heading title="Jobs" />
        <Loading />
      </div>
    );
  }
  const known = new Set(live.map((job) => job.id));
  const all = [...live, ...(older.value?.items ?? []).filter((job) => !known.has(job.id))];
  const shown = all.filter((job) => filter.value === null || job.state === filter.value);
  const hasMore = older.value === null ? live.length >= LIVE_JOBS : older.value.next !== null;
  return (
    <div class="view">
      <Heading title="Jobs" />
      {all.length === 0 ? (
        <NoJobs />
      ) : (
        <>
          <div class="filters" role="group" aria-label="Jobs to show">
            {FILTERS.map((state) => (
              <button
                key={state ?? 'all'}
                type="button"
                class="filter"
                aria-pressed={filter.value === state}
                onClick={() => (filter.value = state)}
              >
                {state ?? 'all'} <span>{all.filter((job) => state === null || job.state === state).length}</span>
              </button>
            ))}
          </div>
          {shown.length === 0 ? (
            <Empty title={`No job is ${filter.value ?? 'here'}`}>
              <p>Of {plural(all.length, 'job')} that are listed, none is in this state.</p>
            </Empty>
          ) : (
            <ul class="job-list">
              {shown.map((job) => (
                <JobRow key={job.id} job={job} />
              ))}
            </ul>
          )}
          {hasMore && (
            <button type="button" class="button" disabled={busy.value} onClick={() => void more()}>
              {busy.value ? 'Loading…' : 'Show older jobs'}
            </button>
          )}
        </>
      )}
    </div>
  );
};
