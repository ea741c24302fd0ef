import type { DeviceId, FactView, FailureView, JobId, UnitView } from '@gossamer/protocol';
import { LIMITS } from '@gossamer/protocol';
import type { VNode } from 'preact';
import * as api from '../api/grid-api.ts';
import { ATTEMPT_TONE, UNIT_TONE } from '../jobs/job-words.ts';
import { Heading } from '../parts/heading.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { Tag } from '../parts/tag.tsx';
import { useResource } from '../parts/use-resource.ts';
import { href, jobHref } from '../route.ts';
import { devices, jobs } from '../state.ts';
import { clock, count, plural, shortId, stamp } from '../words.ts';

const Device = ({ id }: { id: DeviceId }): VNode => {
  const known = devices.value?.find((device) => device.id === id);
  return (
    <span title={id}>
      {known === undefined ? '' : `#${known.number} ${known.platform} `}
      <code>{shortId(id)}</code>
    </span>
  );
};

const Attempts = ({ unit }: { unit: UnitView }): VNode => (
  <section class="section" aria-labelledby="attempts-title">
    <h2 id="attempts-title">Attempts</h2>
    {unit.attempts.length === 0 ? (
      <Empty title="It was given to no device yet">
        <p>Attempts that were lost are not listed here, but in the history.</p>
      </Empty>
    ) : (
      <Table
        caption="Attempts at this unit"
        rows={unit.attempts}
        rowKey={({ id }) => id}
        rowData={({ id, state }) => ({ 'data-testid': 'attempt-row', 'data-attempt': id, 'data-state': state })}
        columns={[
          { label: 'Attempt', cell: ({ id }) => <code>{id}</code> },
          { label: 'State', cell: ({ state }) => <Tag word={state} tone={ATTEMPT_TONE[state]} /> },
          {
            label: 'Device',
            wide: true,
            cell: ({ device }) => (device === null ? 'forgotten' : <Device id={device} />),
          },
        ]}
      />
    )}
  </section>
);

const Failure = ({ failure: { stack, log } }: { failure: FailureView }): VNode | null => {
  if (stack === '' && log.length === 0) return null;
  const lines = plural(log.length, 'line that it logged', 'lines that it logged');
  return (
    <details class="failure" data-testid="failure">
      <summary>{stack === '' ? lines : log.length === 0 ? 'Where it failed' : `Where it failed, and ${lines}`}</summary>
      {stack !== '' && <pre>{stack}</pre>}
      {log.length > 0 && <pre aria-label="What the program logged">{log.join('\n')}</pre>}
    </details>
  );
};

const Fact = ({ fact, day }: { fact: FactView; day: boolean }): VNode => (
  <li class={`fact fact-${fact.kind}`} data-testid="fact-row" data-fact={fact.fact} data-kind={fact.kind}>
    <time dateTime={new Date(fact.at).toISOString()}>{day ? stamp(fact.at) : clock(fact.at)}</time>
    <div>
      <p>
        <span class="fact-kind">{fact.kind}</span> {fact.text}
      </p>
      {fact.failure !== undefined && <Failure failure={fact.failure} />}
      <p class="hint">
        Fact {count(fact.fact)}
        {fact.device !== null && (
          <>
            , by device <Device id={fact.device} />
          </>
        )}
        , caused by <code>{fact.cause}</code>
      </p>
    </div>
  </li>
);

const History = ({ facts }: { facts: readonly FactView[] }): VNode => (
  <section class="section" aria-labelledby="history-title">
    <h2 id="history-title">History, oldest first</h2>
    {facts.length === 0 ? (
      <Empty title="Nothing durable has happened to this unit yet">
        <p>A lease that is given out is no fact: only what comes of it is written down.</p>
      </Empty>
    ) : (
      <ol class="facts">
        {facts.map((fact, n) => (
          <Fact
            key={`${fact.fact}`}
            fact={fact}
            day={n === 0 || stamp(fact.at).slice(0, 10) !== stamp(facts[n - 1]!.at).slice(0, 10)}
          />
        ))}
      </ol>
    )}
  </section>
);

interface Loaded {
  unit: UnitView;
  facts: readonly FactView[];
  /** Of its final result: bytes. */
  size: number | null;
}

/** A large result is not to be shown by the browser, which would take it into its memory. */
const Result = ({ id, index, size }: { id: JobId; index: number; size: number | null }): VNode => (
  <a
    href={api.resultHref(id, index)}
    target="_blank"
    rel="noopener"
    download={size !== null && size > LIMITS.result ? `unit-${index}` : undefined}
  >
    Open its result{size !== null && ` (${plural(size, 'byte')})`}
  </a>
);

const Detail = ({ id, unit, facts, size }: Loaded & { id: JobId }): VNode => (
  <>
    <p class="job-head">
      <Tag word={unit.state} tone={UNIT_TONE[unit.state]} />
      <span class="hint">
        {plural(unit.attempts.length, 'attempt')}, {plural(unit.errors, 'error')}
      </span>
      {unit.state === 'validated' && <Result id={id} index={unit.index} size={size} />}
    </p>
    {unit.reason !== null && <p class="job-remark">{unit.reason}</p>}
    {unit.waiting !== null && <p class="job-remark">{unit.waiting}</p>}
    <Attempts unit={unit} />
    <History facts={facts} />
  </>
);

/** One work unit: its attempts, and everything that is written down of it. */
export const Unit = ({ id, index }: { id: JobId; index: number }): VNode => {
  const job = jobs.value?.find((one) => one.id === id);
  const version = job === undefined ? jobs.value : `${job.fact}/${job.attempts.leased}`;
  const loaded = useResource(`${id}/${index}`, version, async (signal) => {
    const [unit, facts] = await Promise.all([api.unit(id, index, signal), api.unitFacts(id, index, signal)]);
    const size = unit.state === 'validated' ? await api.resultSize(id, index, signal) : null;
    return { unit, facts, size };
  });
  return (
    <div class="view" data-testid="unit" data-unit={index}>
      <nav aria-label="Where you are" class="crumbs">
        <a href="#/jobs">Jobs</a>
        <a href={jobHref(id)}>{job?.name ?? 'Job'}</a>
      </nav>
      <Heading title={`Unit ${count(index)}`} />
      {loaded.kind === 'loading' && <Loading />}
      {loaded.kind === 'failed' && <Failed error={loaded.error} />}
      {loaded.kind === 'ready' && <Detail id={id} {...loaded.value} />}
      <nav class="pages" aria-label="Neighbours">
        {index > 0 && <a href={href({ view: 'unit', id, index: index - 1 })}>Unit {count(index - 1)}</a>}
        {job !== undefined && index + 1 < job.units.total && (
          <a href={href({ view: 'unit', id, index: index + 1 })}>Unit {count(index + 1)}</a>
        )}
      </nav>
    </div>
  );
};
