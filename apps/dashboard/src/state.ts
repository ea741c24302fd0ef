import type {
  BatchView,
  DeviceView,
  GridView,
  JobView,
  KeyCreated,
  KeyView,
  SignerView,
  StatsView,
} from '@gossamer/protocol';
import { computed, signal } from '@preact/signals';
import type { Me } from './api/grid-api.ts';
import type { Kin } from './jobs/independence.ts';
import type { Paces } from './jobs/pace.ts';
import type { Connection } from './live/stream.ts';
import { parseRoute } from './route.ts';

/** Who sits at the dashboard. */
export type Session =
  | { kind: 'asking' }
  | { kind: 'unreachable' }
  /** `why`: what ended the sign-in, in words; null when there was none. */
  | { kind: 'out'; why: string | null }
  | { kind: 'in'; me: Me };

/** What the operator is asked to confirm. */
export type Question =
  | { kind: 'hold'; job: JobView }
  | { kind: 'cancel'; job: JobView }
  /** `giveUp`: what the job waits for and could do without. */
  | { kind: 'independence'; job: JobView; giveUp: Kin | null }
  | { kind: 'hold-batch' | 'cancel-batch'; batch: BatchView }
  | { kind: 'revoke'; key: KeyView }
  | { kind: 'policy'; signer: SignerView }
  | { kind: 'revoke-signer'; signer: SignerView }
  | { kind: 'rotate' };

/** One thing that was done, or could not be. */
export interface Notice {
  tone: 'good' | 'bad';
  text: string;
}

export const session = signal<Session>({ kind: 'asking' });
export const connection = signal<Connection>({ kind: 'connecting' });
export const grid = signal<GridView | null>(null);
/** The newest jobs, newest first, as the last event told; null before it. */
export const jobs = signal<readonly JobView[] | null>(null);
/** Jobs that have not ended and are too old for the events, as they were when they were asked for last. */
export const olderOpen = signal<readonly JobView[]>([]);
/** All jobs that are known: the newest ones, and whatever has not ended; null before the first event. */
export const knownJobs = computed<readonly JobView[] | null>(() => {
  if (jobs.value === null) return null;
  const known = new Set(jobs.value.map(({ id }) => id));
  return [...jobs.value, ...olderOpen.value.filter(({ id }) => !known.has(id))];
});
export const sessions = signal(0);
export const paces = signal<Paces>(new Map());
export const stats = signal<StatsView | null>(null);
export const devices = signal<readonly DeviceView[] | null>(null);
export const question = signal<Question | null>(null);
export const notice = signal<Notice | null>(null);
/** The key that was just made: the only time that its secret is seen. It is kept nowhere else. */
export const made = signal<KeyCreated | null>(null);
export const route = signal(parseRoute(location.hash));
/** The time of what is shown, ms: it moves with the events and the polls. */
export const now = signal(Date.now());

/** Nothing of one sign-in is shown to the next. */
export const forget = (): void => {
  jobs.value = null;
  olderOpen.value = [];
  stats.value = null;
  devices.value = null;
  question.value = null;
  notice.value = null;
  made.value = null;
  paces.value = new Map();
  connection.value = { kind: 'connecting' };
};
