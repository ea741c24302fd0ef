import type { BatchView } from '@gossamer/protocol';
import type { VNode } from 'preact';
import { openJobs } from '../batches/batch-words.ts';
import { question } from '../state.ts';
import { releaseBatch } from '../views/batches-state.ts';

/** What can be done with all jobs of a batch that have not ended. */
export const BatchActions = ({ batch }: { batch: BatchView }): VNode | null => {
  if (openJobs(batch) === 0) return null;
  const { running, held } = batch.jobs;
  const about = <span class="unseen"> {batch.name}</span>;
  return (
    <div class="actions">
      {held > 0 && (
        <button type="button" class="button small" data-testid="release-batch" onClick={() => void releaseBatch(batch)}>
          Release{about}
        </button>
      )}
      {running > 0 && (
        <button
          type="button"
          class="button small"
          data-testid="hold-batch"
          onClick={() => (question.value = { kind: 'hold-batch', batch })}
        >
          Hold…{about}
        </button>
      )}
      <button
        type="button"
        class="button small danger"
        data-testid="cancel-batch"
        onClick={() => (question.value = { kind: 'cancel-batch', batch })}
      >
        Cancel…{about}
      </button>
    </div>
  );
};
