import type { BatchView } from '@gossamer/protocol';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { cancelWords, holdWords } from '../batches/batch-words.ts';
import { cancelBatch, holdBatch } from '../views/batches-state.ts';
import { Dialog } from './dialog.tsx';
import { Reason } from './reason.tsx';

const HINT = 'The submitter reads it with each job. It may be left empty.';

export const HoldBatch = ({ batch }: { batch: BatchView }): VNode => {
  const reason = useSignal('');
  return (
    <Dialog title={`Hold all jobs of “${batch.name}”?`} verb="Hold them" act={() => holdBatch(batch, reason.value)}>
      <p data-testid="touches">{holdWords(batch)}</p>
      <Reason value={reason} hint={HINT} />
    </Dialog>
  );
};

export const CancelBatch = ({ batch }: { batch: BatchView }): VNode => {
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
