import type { JobView, KeyView } from '@gossamer/protocol';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { cancel, hold, setIndependence } from '../actions.ts';
import type { Kin } from '../jobs/independence.ts';
import { unfinished } from '../jobs/job-words.ts';
import { KIN_LABEL, KIN_LOSS, KINS } from '../jobs/independence.ts';
import { question, session } from '../state.ts';
import { revoke } from '../views/keys-state.ts';
import { plural } from '../words.ts';
import { CancelBatch, HoldBatch } from './batch-questions.tsx';
import { Dialog } from './dialog.tsx';
import { Reason } from './reason.tsx';
import { PolicyQuestion, RevokeSigner, Rotate } from './signer-questions.tsx';

const Hold = ({ job }: { job: JobView }): VNode => {
  const reason = useSignal('');
  return (
    <Dialog title={`Hold “${job.name}”?`} verb="Hold it" act={() => hold(job, reason.value)}>
      <p>
        Nothing new of it is given out until it is released. {plural(job.attempts.leased, 'attempt')} with devices now
        may still come back and count.
      </p>
      <Reason value={reason} hint="The submitter reads it. It may be left empty." />
    </Dialog>
  );
};

const Cancel = ({ job }: { job: JobView }): VNode => {
  const reason = useSignal('');
  const left = unfinished(job.units);
  return (
    <Dialog title={`Cancel “${job.name}”?`} verb="Cancel the job" danger act={() => cancel(job, reason.value)}>
      <p>
        {plural(left, 'unit is', 'units are')} given up for good, and {plural(job.attempts.leased, 'attempt')} with
        devices now end at once. {plural(job.units.validated, 'validated result')} can still be read. This cannot be
        undone; to stop it for a while, hold it.
      </p>
      <Reason value={reason} hint="The submitter reads it. It may be left empty." />
    </Dialog>
  );
};

const Independence = ({ job, giveUp }: { job: JobView; giveUp: Kin | null }): VNode => {
  const asked = useSignal({ ...job.independence, ...(giveUp === null ? {} : { [giveUp]: false }) });
  const changed = KINS.some((kin) => asked.value[kin] !== job.independence[kin]);
  const weaker = KINS.filter((kin) => !asked.value[kin]);
  return (
    <Dialog
      title={`Which results of “${job.name}” may confirm each other?`}
      verb="Change it"
      act={changed ? () => setIndependence(job, asked.value) : null}
    >
      {giveUp !== null && (
        <p>
          The least that may let the job go on is marked here. If it is not enough, the job says what it waits for then.
        </p>
      )}
      <fieldset class="checks">
        <legend>Only results from</legend>
        {KINS.toReversed().map((kin) => (
          <label key={kin} class="check">
            <input
              type="checkbox"
              data-kin={kin}
              checked={asked.value[kin]}
              onInput={(event) => (asked.value = { ...asked.value, [kin]: event.currentTarget.checked })}
            />
            {KIN_LABEL[kin]}
          </label>
        ))}
      </fieldset>
      {weaker.length > 0 && (
        <div class="callout warn" role="status" data-testid="warning">
          <p class="callout-title">What this gives up</p>
          {weaker.map((kin) => (
            <p key={kin}>{KIN_LOSS[kin]}</p>
          ))}
          <p>Units that are validated this way stay so, even when the switch is set back.</p>
        </div>
      )}
    </Dialog>
  );
};

const Revoke = ({ apiKey }: { apiKey: KeyView }): VNode => {
  const own = session.value.kind === 'in' && session.value.me.key === apiKey.id;
  return (
    <Dialog title={`Revoke the key “${apiKey.name}”?`} verb="Revoke it" danger act={() => revoke(apiKey)}>
      <p>Whoever uses it is refused from now on. Its jobs go on, and it cannot be given back.</p>
      {own && (
        <p class="callout warn">
          This is the key that you are signed in with: you will be signed out. Make sure that you have another one.
        </p>
      )}
    </Dialog>
  );
};

/** The one open question, if any. */
export const Questions = (): VNode | null => {
  const asked = question.value;
  switch (asked?.kind) {
    case undefined:
      return null;
    case 'hold':
      return <Hold job={asked.job} />;
    case 'cancel':
      return <Cancel job={asked.job} />;
    case 'independence':
      return <Independence job={asked.job} giveUp={asked.giveUp} />;
    case 'hold-batch':
      return <HoldBatch batch={asked.batch} />;
    case 'cancel-batch':
      return <CancelBatch batch={asked.batch} />;
    case 'revoke':
      return <Revoke apiKey={asked.key} />;
    case 'policy':
      return <PolicyQuestion signer={asked.signer} />;
    case 'revoke-signer':
      return <RevokeSigner signer={asked.signer} />;
    case 'rotate':
      return <Rotate />;
  }
};
