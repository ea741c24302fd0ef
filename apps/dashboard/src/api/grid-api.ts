import type {
  BatchId,
  DeviceId,
  Independence,
  JobId,
  JobState,
  Page,
  Sha256,
  SignerPolicy,
  SigningKey,
  UnitState,
} from '@gossamer/protocol';
import {
  AnswerView,
  BatchChanged,
  BatchView,
  CoordinatorKeys,
  DeviceView,
  FactView,
  GridView,
  JobView,
  KeyCreated,
  KeyId,
  KeyQuotas,
  KeyView,
  pageOf,
  RefusalView,
  Role,
  SignerView,
  StatsView,
  UnitView,
} from '@gossamer/protocol';
import { z } from 'zod';
import { request, sizeAt } from './request.ts';

/** Who is signed in; what that key may have is asked of others. */
export const Me = z.object({ key: KeyId, role: Role, name: z.string() });
export type Me = z.infer<typeof Me>;

const Nothing = z.undefined();
const Jobs = pageOf(JobView);
const Units = pageOf(UnitView);
const Facts = pageOf(FactView);
const Devices = pageOf(DeviceView);
const Keys = pageOf(KeyView);
const Batches = pageOf(BatchView);
const Quotas = pageOf(KeyQuotas);
const Signers = pageOf(SignerView);
const Refusals = pageOf(RefusalView);

export const UNITS_A_PAGE = 25;
const ITEMS_A_PAGE = 1000;

export const me = (): Promise<Me> => request(Me, '/me');
export const signIn = (key: string): Promise<Me> => request(Me, '/session', { method: 'POST', body: { key } });
export const signOut = (): Promise<undefined> => request(Nothing, '/session', { method: 'DELETE' });
export const grid = (): Promise<GridView> => request(GridView, '/grid');
export const stats = (): Promise<StatsView> => request(StatsView, '/stats');

/** A page of jobs, newest first; of all states, or of one. */
export const jobs = (after: string | null, state: JobState | null = null): Promise<Page<JobView>> => {
  const query = new URLSearchParams({ limit: '200' });
  if (after !== null) query.set('after', after);
  if (state !== null) query.set('state', state);
  return request(Jobs, `/jobs?${query.toString()}`);
};
export const job = (id: JobId, signal?: AbortSignal): Promise<JobView> => request(JobView, `/jobs/${id}`, { signal });
export const hold = (id: JobId, reason: string): Promise<JobView> =>
  request(JobView, `/jobs/${id}/hold`, { method: 'POST', body: { reason } });
export const release = (id: JobId): Promise<JobView> =>
  request(JobView, `/jobs/${id}/release`, { method: 'POST', body: {} });
export const cancel = (id: JobId, reason: string): Promise<JobView> =>
  request(JobView, `/jobs/${id}/cancel`, { method: 'POST', body: { reason } });
export const setIndependence = (id: JobId, independence: Partial<Independence>): Promise<JobView> =>
  request(JobView, `/jobs/${id}`, { method: 'PATCH', body: { independence } });

export const BATCHES_A_PAGE = 50;
export const BATCH_JOBS_A_PAGE = 50;

/** A page of batches, newest first. */
export const batches = (after: string | null, signal?: AbortSignal): Promise<Page<BatchView>> => {
  const query = new URLSearchParams({ limit: String(BATCHES_A_PAGE) });
  if (after !== null) query.set('after', after);
  return request(Batches, `/batches?${query.toString()}`, { signal });
};
export const batch = (id: BatchId, signal?: AbortSignal): Promise<BatchView> =>
  request(BatchView, `/batches/${id}`, { signal });
/** Jobs of a batch, the last given first; those that were deleted are not among them. */
export const batchJobs = (
  id: BatchId,
  { state, after }: { state: JobState | null; after: string | null },
  signal?: AbortSignal,
): Promise<Page<JobView>> => {
  const query = new URLSearchParams({ batch: id, limit: String(BATCH_JOBS_A_PAGE) });
  if (state !== null) query.set('state', state);
  if (after !== null) query.set('after', after);
  return request(Jobs, `/jobs?${query.toString()}`, { signal });
};
export const orderBatch = (id: BatchId, verb: 'hold' | 'release' | 'cancel', reason = ''): Promise<BatchChanged> =>
  request(BatchChanged, `/batches/${id}/${verb}`, { method: 'POST', body: { reason } });

export const units = (
  id: JobId,
  { state, after }: { state: UnitState | null; after: string | null },
  signal?: AbortSignal,
): Promise<Page<UnitView>> => {
  const query = new URLSearchParams({ limit: String(UNITS_A_PAGE) });
  if (state !== null) query.set('state', state);
  if (after !== null) query.set('after', after);
  return request(Units, `/jobs/${id}/units?${query.toString()}`, { signal });
};
export const unit = (id: JobId, index: number, signal?: AbortSignal): Promise<UnitView> =>
  request(UnitView, `/jobs/${id}/units/${index}`, { signal });
export const unitFacts = async (id: JobId, index: number, signal?: AbortSignal): Promise<FactView[]> =>
  (await request(Facts, `/jobs/${id}/units/${index}/facts`, { signal })).items;
export const answer = (id: JobId, signal?: AbortSignal): Promise<AnswerView> =>
  request(AnswerView, `/jobs/${id}/answer`, { signal });
/** Bytes of a final result; null where they cannot be told. */
export const resultSize = (id: JobId, index: number, signal?: AbortSignal): Promise<number | null> =>
  sizeAt(`/jobs/${id}/units/${index}/result`, { signal }).catch(() => null);
export const resultHref = (id: JobId, index: number): string => `/v1/jobs/${id}/units/${index}/result`;

/** Every item of a list, page after page. */
const allOf = async <Item>(schema: z.ZodType<Page<Item>>, path: string, signal?: AbortSignal): Promise<Item[]> => {
  const all: Item[] = [];
  let after: string | null = null;
  do {
    const query: string = after === null ? '' : `&after=${encodeURIComponent(after)}`;
    const page: Page<Item> = await request(schema, `${path}?limit=${ITEMS_A_PAGE}${query}`, { signal });
    all.push(...page.items);
    after = page.next;
  } while (after !== null);
  return all;
};

export const devices = (): Promise<DeviceView[]> => allOf(Devices, '/devices');

export const setApart = (id: DeviceId, apart: boolean): Promise<DeviceView> =>
  request(DeviceView, `/devices/${id}`, { method: 'PATCH', body: { apart } });

/** Signers, in the order in which they were registered. */
export const signers = (): Promise<SignerView[]> => allOf(Signers, '/signers');
export const setPolicy = (key: SigningKey, policy: SignerPolicy): Promise<SignerView> =>
  request(SignerView, `/signers/${key}`, { method: 'PATCH', body: policy });
export const revokeSigner = (key: SigningKey): Promise<SignerView> =>
  request(SignerView, `/signers/${key}`, { method: 'DELETE' });
export const coordinatorKeys = (): Promise<CoordinatorKeys> => request(CoordinatorKeys, '/coordinator-keys');
export const rotateKey = (): Promise<CoordinatorKeys> =>
  request(CoordinatorKeys, '/coordinator-keys', { method: 'POST', body: {} });
export const refusals = (): Promise<RefusalView[]> => allOf(Refusals, '/refusals');

/** What each key that is valid may have, and has. */
export const keyQuotas = (signal?: AbortSignal): Promise<KeyQuotas[]> => allOf(Quotas, '/quotas', signal);

/** The size of a blob, bytes; null where there is none. */
export const blobSize = (sha256: Sha256, signal?: AbortSignal): Promise<number | null> =>
  sizeAt(`/blobs/${sha256}`, { signal });

export const keys = (): Promise<KeyView[]> => allOf(Keys, '/keys');
export const createKey = (role: Role, name: string, expiresAt: number | null): Promise<KeyCreated> =>
  request(KeyCreated, '/keys', { method: 'POST', body: { role, name, expiresAt } });
export const revokeKey = (id: KeyId): Promise<KeyView> => request(KeyView, `/keys/${id}`, { method: 'DELETE' });
