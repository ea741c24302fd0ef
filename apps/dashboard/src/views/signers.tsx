import type { CoordinatorKeys, RefusalView, SignerView } from '@gossamer/protocol';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import * as api from '../api/grid-api.ts';
import { Heading } from '../parts/heading.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { Tag } from '../parts/tag.tsx';
import { useResource } from '../parts/use-resource.ts';
import { jobHref } from '../route.ts';
import { policyWords, signerState } from '../signers/signer-words.ts';
import { jobs, question } from '../state.ts';
import { count, plural, shortId, stamp } from '../words.ts';
import { signersVersion } from './signers-state.ts';

const Change = ({ signer }: { signer: SignerView }): VNode | null =>
  signer.revokedAt !== null ? null : (
    <span class="row">
      <button
        type="button"
        class="button small"
        data-testid="policy"
        onClick={() => (question.value = { kind: 'policy', signer })}
      >
        Grant…<span class="unseen"> {signer.name}</span>
      </button>
      <button
        type="button"
        class="button small danger"
        data-testid="revoke-signer"
        onClick={() => (question.value = { kind: 'revoke-signer', signer })}
      >
        Revoke…<span class="unseen"> {signer.name}</span>
      </button>
    </span>
  );

const SignerTable = ({ signers }: { signers: readonly SignerView[] }): VNode => (
  <Table
    caption="Signers"
    rows={signers}
    rowKey={({ key }) => key}
    rowData={({ key }) => ({ 'data-testid': 'signer-row', 'data-key': key })}
    columns={[
      {
        label: 'Signer',
        wide: true,
        cell: (signer) => (
          <>
            <strong>{signer.name}</strong>
            <span class="under">
              <code>{signer.fingerprint}</code>
            </span>
          </>
        ),
      },
      { label: 'Owner', cell: ({ ownerName }) => ownerName },
      {
        label: 'May',
        cell: (signer) => (
          <>
            <Tag {...signerState(signer)} />
            <span class="under">{policyWords(signer.policy)}</span>
          </>
        ),
      },
      { label: 'Open jobs', numeric: true, cell: ({ openJobs }) => count(openJobs) },
      { label: 'Registered', cell: ({ registeredAt }) => stamp(registeredAt) },
      { label: 'Change', cell: (signer) => <Change signer={signer} /> },
    ]}
  />
);

const RefusalTable = ({ refusals }: { refusals: readonly RefusalView[] }): VNode => (
  <Table
    caption="Refused programs"
    rows={refusals}
    rowKey={({ at, device, job }) => `${at} ${device} ${job}`}
    rowData={() => ({ 'data-testid': 'refusal-row' })}
    columns={[
      { label: 'When', cell: ({ at }) => stamp(at) },
      { label: 'Job', cell: ({ job, jobName }) => <a href={jobHref(job)}>{jobName}</a> },
      { label: 'Device', cell: ({ device }) => <code>{shortId(device)}</code> },
      { label: 'Why', wide: true, cell: ({ detail }) => detail },
    ]}
  />
);

const OwnKey = ({ keys }: { keys: CoordinatorKeys }): VNode => (
  <section class="section" aria-labelledby="own-title">
    <h2 id="own-title">The coordinator’s own key</h2>
    <p>
      It signs what is admitted, and volunteers’ browsers remember it: <code data-testid="own-key">{keys.current}</code>
      . {keys.chain.length === 0 ? 'It is the first one.' : `It came by ${plural(keys.chain.length, 'rotation')}.`}
    </p>
    <div class="row">
      <button type="button" class="button" data-testid="rotate" onClick={() => (question.value = { kind: 'rotate' })}>
        Make a new one…
      </button>
    </div>
  </section>
);

/** Who signs programs, what each may, and which programs were refused by volunteers' tabs. */
export const Signers = (): VNode => {
  const version = signersVersion.value;
  // Its counts of open jobs follow every event.
  const changes = useMemo(() => ({}), [jobs.value, version]);
  const signers = useResource('signers', changes, api.signers);
  const keys = useResource('coordinator-keys', version, api.coordinatorKeys, 0);
  const refusals = useResource('refusals', jobs.value, api.refusals);
  return (
    <div class="view">
      <Heading
        title="Signers"
        lead="Whose programs run where. A tab runs only what the coordinator has admitted with its own signature."
      />
      {signers.kind === 'loading' && <Loading />}
      {signers.kind === 'failed' && <Failed error={signers.error} />}
      {signers.kind === 'ready' && signers.value.length === 0 && (
        <Empty title="Nobody has registered a signing key yet">
          <p>
            A submitter makes one with <code>gossamer signers create NAME</code>.
          </p>
        </Empty>
      )}
      {signers.kind === 'ready' && signers.value.length > 0 && <SignerTable signers={signers.value} />}
      {refusals.kind === 'ready' && refusals.value.length > 0 && (
        <section class="section" aria-labelledby="refused-title">
          <h2 id="refused-title">Programs that tabs refused</h2>
          <p>What arrived there was not what was signed. Look at what stands between: a proxy, a store, a stranger.</p>
          <RefusalTable refusals={refusals.value} />
        </section>
      )}
      {keys.kind === 'ready' && <OwnKey keys={keys.value} />}
    </div>
  );
};
