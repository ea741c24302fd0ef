import type { BatchView } from '@gossamer/protocol';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { cancelWords, holdWords } from '../batches/batch-words.ts';
import * as api from '../api/grid-api.ts';
import { cancelBatch, holdBatch, useBatchesVersion } from '../views/batches-state.ts';
import { Dialog } from './dialog.tsx';
import { Reason } from './reason.tsx';
import { useResource } from './use-resource.ts';

const HINT = 'The submitter reads it with each job. It may be left empty.';

/** The batch as it is while the question is read: its jobs go on. */
const useBatch = (asked: BatchView): BatchView => {
  const read = useResource(asked.id, useBatchesVersion(), (signal) => api.batch(asked.id, signal));
  return read.kind === 'ready' ? read.value : asked;
};

export const HoldBatch = ({ batch: asked }: { batch: BatchView }): VNode => {
  const batch = useBatch(asked);
  const reason = useSignal('');
  return (
    <Dialog title={`Hold all jobs of “${batch.name}”?`} verb="Hold them" act={() => holdBatch(batch, reason.value)}>
      <p data-testid="touches">{holdWords(batch)}</p>
      <Reason value={reason} hint={HINT} />
    </Dialog>
  );
};

export const CancelBatch = ({ batch: asked }: { batch: BatchView }): VNode => {
  const batch = useBatch(asked);
  const reason = useSignal('');
  return (
    <Dialog
      title={`Cancel all jobs of “${batch.name}”?`}
      verb="Cancel the batch"
      danger
      act={() => cancelBatch(batch, reason.value)}
    >
      <p data-testid="touches">{cancelWords(batch)}</p>
      <p>What is final stays and can be read. This cannot be undone; to stop it for a while, hold it.</p>
      <Reason value={reason} hint={HINT} />
    </Dialog>
  );
};
