import type { BatchView } from '@gossamer/protocol';
import type { VNode } from 'preact';
import * as api from '../api/grid-api.ts';
import { batchWord, jobsWords } from '../batches/batch-words.ts';
import { progressPercent, progressWords } from '../jobs/job-words.ts';
import { BatchActions } from '../parts/batch-actions.tsx';
import { Heading } from '../parts/heading.tsx';
import { Pages } from '../parts/pages.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { Tag } from '../parts/tag.tsx';
import { UnitsBar } from '../parts/units-bar.tsx';
import { useResource } from '../parts/use-resource.ts';
import { batchHref, href } from '../route.ts';
import { stamp } from '../words.ts';
import { useBatchesVersion } from './batches-state.ts';

const LEAD = 'Jobs that were made together, all or none: followed, held and ended as one.';

const Row = ({ batch }: { batch: BatchView }): VNode => {
  const { word, tone } = batchWord(batch);
  return (
    <li class="job-row" data-testid="batch-row" data-batch={batch.id} data-state={word}>
      <div class="job-head">
        <a class="job-name" href={batchHref(batch.id)}>
          {batch.name}
        </a>
        <span class="hint">
          by {batch.submitter}, {stamp(batch.createdAt)}
        </span>
        <Tag word={word} tone={tone} />
      </div>
      <div class="job-progress">
        <UnitsBar units={batch.units} />
        <span class="job-percent">{progressPercent(batch.units)}</span>
      </div>
      <p class="job-numbers hint">
        {jobsWords(batch)}. <span aria-hidden="true">{progressWords(batch.units)}</span>
      </p>
      <BatchActions batch={batch} />
    </li>
  );
};

const None = (): VNode => (
  <Empty title="No batch has been made yet">
    <p>A batch is a campaign of many jobs, made of one file with a job a line:</p>
    <pre tabIndex={0}>
      <code>gossamer batches create nights.ndjson</code>
    </pre>
    <p>
      Its jobs stand in the <a href="#/jobs">list of jobs</a>, too.
    </p>
  </Empty>
);

export const Batches = ({ after }: { after: string | null }): VNode => {
  const page = useResource(`batches?${after}`, useBatchesVersion(), (signal) => api.batches(after, signal));
  return (
    <div class="view">
      <Heading title="Batches" lead={LEAD} />
      {page.kind === 'loading' && <Loading />}
      {page.kind === 'failed' && <Failed error={page.error} />}
      {page.kind === 'ready' && page.value.items.length === 0 && after === null && <None />}
      {page.kind === 'ready' && page.value.items.length > 0 && (
        <ul class="job-list">
          {page.value.items.map((batch) => (
            <Row key={batch.id} batch={batch} />
          ))}
        </ul>
      )}
      {page.kind === 'ready' && (
        <Pages
          label="Pages of batches"
          after={after}
          next={page.value.next}
          to={(from) => href({ view: 'batches', after: from })}
          words={['Newest batches', 'Older batches']}
        />
      )}
    </div>
  );
};
