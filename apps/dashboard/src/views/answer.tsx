import type { AnswerView, JobView } from '@gossamer/protocol';
import type { VNode } from 'preact';
import * as api from '../api/grid-api.ts';
import { Failed, Loading } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { useResource } from '../parts/use-resource.ts';
import { count, plural } from '../words.ts';

/** Digits that mean something beside an interval. */
const DIGITS = 7;
const short = (value: number): string => String(Number(value.toPrecision(DIGITS)));

const inWords = ({ folded, skipped, failed, total, isFinal }: AnswerView): string => {
  const parts = [`${count(folded)} of ${plural(total, 'result')} in it`];
  if (failed > 0) parts.push(`${plural(failed, 'unit')} failed`);
  if (skipped > 0) parts.push(`${plural(skipped, 'result')} cannot be read`);
  return `${parts.join(', ')}${isFinal ? '; no more will come' : ''}.`;
};

const Intervals = ({ answer: { intervals } }: { answer: AnswerView }): VNode => (
  <Table
    caption="How sure its numbers are"
    rows={intervals}
    rowKey={({ path }) => path}
    columns={[
      { label: 'Number', cell: ({ path }) => (path === '' ? 'the answer' : <code>{path.slice(1)}</code>) },
      { label: 'Value', numeric: true, cell: ({ value }) => short(value) },
      { label: 'From', numeric: true, cell: ({ low }) => short(low) },
      { label: 'To', numeric: true, cell: ({ high }) => short(high) },
    ]}
  />
);

/** What a job's final results come to so far, by its program's reduce. */
export const Answer = ({ job }: { job: JobView }): VNode => {
  const loaded = useResource(`${job.id}/answer`, job.fact, (signal) => api.answer(job.id, signal));
  return (
    <section class="section" aria-labelledby="answer-title" data-testid="answer">
      <h2 id="answer-title">What its results come to</h2>
      {loaded.kind === 'loading' && <Loading />}
      {loaded.kind === 'failed' && <Failed error={loaded.error} />}
      {loaded.kind === 'ready' && (
        <>
          <pre class="answer" data-testid="answer-value">
            {loaded.value.folded === 0 ? 'nothing yet' : JSON.stringify(loaded.value.answer, null, 2)}
          </pre>
          <p class="hint">{inWords(loaded.value)}</p>
          {loaded.value.noIntervals !== null && <p class="hint">No interval yet: {loaded.value.noIntervals}.</p>}
          {loaded.value.intervals.length > 0 && (
            <>
              <Intervals answer={loaded.value} />
              <p class="hint">In 95 of 100 such jobs the true value lies from one to the other.</p>
            </>
          )}
        </>
      )}
    </section>
  );
};
