import { BatchId, JobId, JobState, UnitState } from '@gossamer/protocol';

/** Where the operator is; all of it stands in the address, so that it can be sent and reloaded. */
export type Route =
  | { view: 'overview' }
  | { view: 'jobs' }
  | { view: 'job'; id: JobId; units: UnitsQuery }
  | { view: 'unit'; id: JobId; index: number }
  | { view: 'batches'; after: string | null }
  | { view: 'batch'; id: BatchId; jobs: BatchJobsQuery }
  | { view: 'devices' }
  | { view: 'signers' }
  | { view: 'keys' }
  | { view: 'nowhere'; path: string };

export interface UnitsQuery {
  state: UnitState | null;
  /** The cursor of the page; null is the first one. */
  after: string | null;
}

export interface BatchJobsQuery {
  state: JobState | null;
  after: string | null;
}

const ofBatches = (first: string | undefined, rest: readonly string[], query: URLSearchParams): Route | null => {
  const after = query.get('after');
  if (first === undefined) return { view: 'batches', after };
  const id = BatchId.safeParse(first);
  if (!id.success || rest.length > 0) return null;
  const state = JobState.safeParse(query.get('state'));
  return { view: 'batch', id: id.data, jobs: { state: state.success ? state.data : null, after } };
};

const inJob = (text: string, rest: readonly string[], query: URLSearchParams): Route | null => {
  const id = JobId.safeParse(text);
  if (!id.success) return null;
  if (rest.length === 0) {
    const state = UnitState.safeParse(query.get('state'));
    const after = query.get('after');
    return { view: 'job', id: id.data, units: { state: state.success ? state.data : null, after } };
  }
  const index = /^\d{1,10}$/.test(rest[1] ?? '') ? Number(rest[1]) : null;
  if (rest.length !== 2 || rest[0] !== 'units' || index === null) return null;
  return { view: 'unit', id: id.data, index };
};

/** Reads the part of the address that begins with `#`. */
export const parseRoute = (hash: string): Route => {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const [room = '', first, ...rest] = path.split('/').filter((part) => part !== '');
  const nowhere: Route = { view: 'nowhere', path };
  if (room === 'jobs' && first !== undefined) return inJob(first, rest, new URLSearchParams(query)) ?? nowhere;
  if (room === 'batches') return ofBatches(first, rest, new URLSearchParams(query)) ?? nowhere;
  if (first !== undefined) return nowhere;
  switch (room) {
    case '':
      return { view: 'overview' };
    case 'jobs':
    case 'devices':
    case 'signers':
    case 'keys':
      return { view: room };
    default:
      return nowhere;
  }
};

/** What filters and pages, as it stands in an address. */
const queryText = (given: Record<string, string | null>): string => {
  const said = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== null);
  return said.length === 0 ? '' : `?${new URLSearchParams(said).toString()}`;
};

/** The address of a route. */
export const href = (route: Exclude<Route, { view: 'nowhere' }>): string => {
  switch (route.view) {
    case 'overview':
      return '#/';
    case 'unit':
      return `#/jobs/${route.id}/units/${route.index}`;
    case 'job':
      return `#/jobs/${route.id}${queryText({ ...route.units })}`;
    case 'batches':
      return `#/batches${queryText({ after: route.after })}`;
    case 'batch':
      return `#/batches/${route.id}${queryText({ ...route.jobs })}`;
    case 'jobs':
    case 'devices':
    case 'signers':
    case 'keys':
      return `#/${route.view}`;
  }
};

export const jobHref = (id: JobId): string => href({ view: 'job', id, units: { state: null, after: null } });
export const batchHref = (id: BatchId): string => href({ view: 'batch', id, jobs: { state: null, after: null } });
