import type { JobView, UnitView } from '@gossamer/protocol';
import { UnitState } from '@gossamer/protocol';
import type { VNode } from 'preact';
import * as api from '../api/grid-api.ts';
import { UNIT_TONE } from '../jobs/job-words.ts';
import { Filters } from '../parts/filters.tsx';
import { Pages } from '../parts/pages.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import type { Column } from '../parts/table.tsx';
import { Table } from '../parts/table.tsx';
import { Tag } from '../parts/tag.tsx';
import { useResource } from '../parts/use-resource.ts';
import type { UnitsQuery } from '../route.ts';
import { href } from '../route.ts';
import { count } from '../words.ts';

const STATES: readonly (UnitState | null)[] = [null, ...UnitState.options];

/** How its attempts stand, shortly: `2 valid, 1 invalid`. */
export const attemptWords = ({ attempts }: UnitView): string => {
  const numbers = new Map<string, number>();
  for (const { state } of attempts) numbers.set(state, (numbers.get(state) ?? 0) + 1);
  return numbers.size === 0 ? 'none' : [...numbers].map(([state, number]) => `${number} ${state}`).join(', ');
};

const columnsOf = (job: JobView, hasReasons: boolean): Column<UnitView>[] => {
  const columns: Column<UnitView>[] = [
    {
      label: 'Unit',
      cell: ({ index }) => <a href={href({ view: 'unit', id: job.id, index })}>Unit {count(index)}</a>,
    },
    { label: 'State', cell: ({ state }) => <Tag word={state} tone={UNIT_TONE[state]} /> },
    { label: 'Attempts', cell: (unit) => attemptWords(unit) },
  ];
  return hasReasons
    ? [...columns, { label: 'Why it failed', wide: true, cell: ({ reason }) => reason ?? '' }]
    : columns;
};

const UnitTable = ({ job, units }: { job: JobView; units: readonly UnitView[] }): VNode => (
  <Table
    caption={`Work units of ${job.name}`}
    rows={units}
    rowKey={({ index }) => String(index)}
    rowData={({ index, state }) => ({ 'data-testid': 'unit-row', 'data-unit': index, 'data-state': state })}
    columns={columnsOf(
      job,
      units.some(({ reason }) => reason !== null),
    )}
  />
);

/** The job's work units: by state, page by page. */
export const Units = ({ job, query }: { job: JobView; query: UnitsQuery }): VNode => {
  const { state, after } = query;
  const version = `${job.fact}/${job.attempts.leased}`;
  const page = useResource(`${job.id}?${state}&${after}`, version, (signal) => api.units(job.id, query, signal));
  const to = (units: UnitsQuery): string => href({ view: 'job', id: job.id, units });
  return (
    <section class="section" aria-labelledby="units-title">
      <h2 id="units-title">Work units</h2>
      <Filters
        label="Units to show"
        states={STATES}
        chosen={state}
        numberOf={(one) => job.units[one ?? 'total']}
        to={(one) => to({ state: one, after: null })}
      />
      {page.kind === 'loading' && <Loading />}
      {page.kind === 'failed' && <Failed error={page.error} />}
      {page.kind === 'ready' && page.value.items.length === 0 && (
        <Empty title={state === null ? 'No unit is on this page' : `No unit is ${state}`}>
          <p>
            <a href={to({ state: null, after: null })}>Show all units</a>
          </p>
        </Empty>
      )}
      {page.kind === 'ready' && page.value.items.length > 0 && <UnitTable job={job} units={page.value.items} />}
      {page.kind === 'ready' && (
        <Pages label="Pages of units" after={after} next={page.value.next} to={(from) => to({ state, after: from })} />
      )}
    </section>
  );
};
