import type { JobView } from '@gossamer/protocol';
import type { VNode } from 'preact';
import { release } from '../actions.ts';
import { KIN_LABEL, waitsFor } from '../jobs/independence.ts';
import { question } from '../state.ts';

/** What can be done with a job in its state. */
export const JobActions = ({ job }: { job: JobView }): VNode | null => {
  const open = job.state === 'running' || job.state === 'held';
  if (!open) return null;
  const kin = waitsFor(job);
  const about = <span class="unseen"> {job.name}</span>;
  return (
    <div class="actions">
      {kin !== null && (
        <button
          type="button"
          class="button small primary"
          data-testid="relax"
          title={`${KIN_LABEL[kin]} are asked for, and there is none that may go on.`}
          onClick={() => (question.value = { kind: 'independence', job, giveUp: kin })}
        >
          Go on without…{about}
        </button>
      )}
      {job.state === 'held' ? (
        <button type="button" class="button small" data-testid="release" onClick={() => void release(job)}>
          Release{about}
        </button>
      ) : (
        <button
          type="button"
          class="button small"
          data-testid="hold"
          onClick={() => (question.value = { kind: 'hold', job })}
        >
          Hold…{about}
        </button>
      )}
      <button
        type="button"
        class="button small danger"
        data-testid="cancel"
        onClick={() => (question.value = { kind: 'cancel', job })}
      >
        Cancel…{about}
      </button>
    </div>
  );
};
