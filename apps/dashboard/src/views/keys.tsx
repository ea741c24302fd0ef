import type { KeyQuotas, KeyView, QuotasView, Role } from '@gossamer/protocol';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import * as api from '../api/grid-api.ts';
import { errorWords } from '../api/errors.ts';
import { Heading } from '../parts/heading.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { Tag } from '../parts/tag.tsx';
import type { Resource } from '../parts/use-resource.ts';
import { useResource } from '../parts/use-resource.ts';
import { endsSession } from '../session.ts';
import { jobs, made, question, session } from '../state.ts';
import { bytes, count, stamp } from '../words.ts';
import { create, keysVersion } from './keys-state.ts';

const ROLE_WORDS: Record<Role, string> = {
  submitter: 'Submitter: submits jobs, and sees its own',
  operator: 'Operator: sees and changes everything',
};

/** Days after which a key ends; 0 is never. */
const ENDS: readonly [number, string][] = [
  [0, 'When it is revoked'],
  [7, 'In 7 days'],
  [30, 'In 30 days'],
  [90, 'In 90 days'],
  [365, 'In a year'],
];

const Secret = (): VNode | null => {
  const copied = useSignal<string | null>(null);
  const key = made.value;
  if (key === null) return null;
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(key.secret);
      copied.value = 'Copied.';
    } catch {
      copied.value = 'This browser does not let the page copy it. Select the text and copy it by hand.';
    }
  };
  return (
    <section class="callout good" aria-labelledby="made-title" data-testid="made">
      <h2 id="made-title">The key “{key.name}” is made</h2>
      <p>Copy its secret now. It is shown this once, and the coordinator keeps only a hash of it.</p>
      <output class="secret" data-testid="secret">
        {key.secret}
      </output>
      <div class="row">
        <button type="button" class="button" onClick={() => void copy()}>
          Copy
        </button>
        <button type="button" class="button" onClick={() => (made.value = null)}>
          I have kept it
        </button>
      </div>
      <p class="hint" role="status">
        {copied.value}
      </p>
    </section>
  );
};

const Create = (): VNode => {
  const name = useSignal('');
  const role = useSignal<Role>('submitter');
  const days = useSignal(0);
  const trouble = useSignal<string | null>(null);
  const busy = useSignal(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy.value) return;
    if (name.value.trim() === '') {
      trouble.value = 'Give the key a name, so that you know later whose it is.';
      return;
    }
    busy.value = true;
    trouble.value = null;
    try {
      await create(role.value, name.value.trim(), days.value);
      name.value = '';
    } catch (error) {
      if (!endsSession(error)) trouble.value = errorWords(error);
    }
    busy.value = false;
  };
  return (
    <form class="create-key" onSubmit={(event) => void submit(event)}>
      <label class="field">
        <span>Name</span>
        <input
          type="text"
          data-testid="key-name"
          maxLength={100}
          autocomplete="off"
          aria-invalid={trouble.value !== null}
          aria-describedby="key-trouble"
          value={name.value}
          onInput={(event) => (name.value = event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>Role</span>
        <select
          data-testid="key-role"
          value={role.value}
          onInput={(event) => (role.value = event.currentTarget.value as Role)}
        >
          <option value="submitter">{ROLE_WORDS.submitter}</option>
          <option value="operator">{ROLE_WORDS.operator}</option>
        </select>
      </label>
      <label class="field">
        <span>Ends</span>
        <select
          data-testid="key-ends"
          value={String(days.value)}
          onInput={(event) => (days.value = Number(event.currentTarget.value))}
        >
          {ENDS.map(([value, words]) => (
            <option key={value} value={String(value)}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" class="button primary" data-testid="create-key" disabled={busy.value}>
        Make the key
      </button>
      <p class="trouble" id="key-trouble" role="alert">
        {trouble.value}
      </p>
    </form>
  );
};

/** What a key has of what it may have, each quota in words; `null`: any number. */
const Quotas = ({ quotas }: { quotas: QuotasView | undefined }): VNode => {
  if (quotas === undefined) return <span class="hint">none in use</span>;
  const rows = [
    ['jobs', quotas.openJobs, count],
    ['units', quotas.units, count],
    ['blobs', quotas.blobBytes, bytes],
    ['results', quotas.resultBytes, bytes],
  ] as const;
  return (
    <ul class="quotas">
      {rows.map(([name, { used, limit }, words]) => (
        <li key={name} data-quota={name}>
          {name}: {words(used)} of {limit === null ? 'any number' : words(limit)}
          {limit !== null && used >= limit && <strong> full</strong>}
        </li>
      ))}
    </ul>
  );
};

const KeyTable = ({ keys, quotas }: { keys: readonly KeyView[]; quotas: Resource<KeyQuotas[]> }): VNode => {
  const use = new Map(quotas.kind === 'ready' ? quotas.value.map((one) => [one.key, one.quotas]) : []);
  const own = session.value.kind === 'in' ? session.value.me.key : null;
  return (
    <Table
      caption="API keys"
      rows={keys}
      rowKey={({ id }) => id}
      rowData={({ id }) => ({ 'data-testid': 'key-row', 'data-key': id })}
      columns={[
        { label: 'Name', cell: (key) => <strong>{key.name}</strong> },
        { label: 'Role', cell: (key) => <span class="whole">{key.role}</span> },
        {
          label: 'Has, of what it may have',
          wide: true,
          cell: (key) => (quotas.kind === 'ready' ? <Quotas quotas={use.get(key.id)} /> : '…'),
        },
        { label: 'Made', cell: (key) => stamp(key.createdAt) },
        { label: 'Ends', cell: (key) => (key.expiresAt === null ? 'when it is revoked' : stamp(key.expiresAt)) },
        {
          label: 'State',
          cell: (key) =>
            key.revokedAt === null && key.expiresAt !== null && key.expiresAt <= Date.now() ? (
              <Tag word={`expired ${stamp(key.expiresAt)}`} tone="quiet" />
            ) : key.revokedAt === null ? (
              <Tag word={key.id === own ? 'in use by you' : 'valid'} tone="good" />
            ) : (
              <Tag word={`revoked ${stamp(key.revokedAt)}`} tone="quiet" />
            ),
        },
        {
          label: 'Change',
          cell: (key) =>
            key.revokedAt === null && (
              <button
                type="button"
                class="button small danger"
                data-testid="revoke"
                onClick={() => (question.value = { kind: 'revoke', key })}
              >
                Revoke…<span class="unseen"> {key.name}</span>
              </button>
            ),
        },
      ]}
    />
  );
};

export const Keys = (): VNode => {
  const keys = useResource('keys', keysVersion.value, api.keys, 0);
  const version = useMemo(() => ({}), [jobs.value, keysVersion.value]);
  const quotas = useResource('quotas', version, api.keyQuotas);
  return (
    <div class="view">
      <Heading
        title="API keys"
        lead="Whoever has a key acts in its name. Give each person and program one of its own."
      />
      <Secret />
      {keys.kind === 'loading' && <Loading />}
      {keys.kind === 'failed' && <Failed error={keys.error} />}
      {keys.kind === 'ready' && <KeyTable keys={keys.value} quotas={quotas} />}
      {quotas.kind === 'failed' && <Failed error={quotas.error} />}
      <p class="hint">
        Jobs and units are those that have not ended; results count until their job is deleted. A quota is set with{' '}
        <code>gossamer keys quota KEY</code>.
      </p>
      <section class="section" aria-labelledby="create-title">
        <h2 id="create-title">Make a key</h2>
        <Create />
      </section>
    </div>
  );
};
