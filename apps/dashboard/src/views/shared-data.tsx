import type { JobView } from '@gossamer/protocol';
import type { VNode } from 'preact';
import * as api from '../api/grid-api.ts';
import { Failed, Loading } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { useResource } from '../parts/use-resource.ts';
import { bytes } from '../words.ts';

interface Named {
  name: string;
  sha256: string;
  size: number | null;
}

const sizesOf = async ({ data }: JobView, signal: AbortSignal): Promise<Named[]> =>
  Promise.all(
    Object.entries(data).map(async ([name, sha256]) => ({ name, sha256, size: await api.blobSize(sha256, signal) })),
  );

const sumWords = (data: readonly Named[]): string => {
  const total = data.reduce((sum, { size }) => sum + (size ?? 0), 0);
  return `${bytes(total)} together. A tab fetches what its units read, and keeps it for the next.`;
};

/** What a job's program reads as shared data. */
export const SharedData = ({ job }: { job: JobView }): VNode => {
  // Blobs never change: once is enough.
  const loaded = useResource(`${job.id}/data`, null, (signal) => sizesOf(job, signal));
  return (
    <section class="section" aria-labelledby="data-title" data-testid="shared-data">
      <h2 id="data-title">Shared data</h2>
      {loaded.kind === 'loading' && <Loading />}
      {loaded.kind === 'failed' && <Failed error={loaded.error} />}
      {loaded.kind === 'ready' && (
        <>
          <Table
            caption="Shared data of the job"
            rows={loaded.value}
            rowKey={({ name }) => name}
            rowData={({ name }) => ({ 'data-testid': 'data-row', 'data-name': name })}
            columns={[
              { label: 'Name', cell: ({ name }) => <strong>{name}</strong> },
              { label: 'Size', numeric: true, cell: ({ size }) => (size === null ? 'gone' : bytes(size)) },
              { label: 'SHA-256', wide: true, cell: ({ sha256 }) => <code>{sha256}</code> },
            ]}
          />
          <p class="hint">{sumWords(loaded.value)}</p>
        </>
      )}
    </section>
  );
};
