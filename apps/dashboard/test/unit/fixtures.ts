import type { DeviceView, JobView, StatsSample } from '@gossamer/protocol';
import { DeviceId, JobId, Sha256 } from '@gossamer/protocol';

const HEX = '0123456789ab';

export const jobId = (n = 0): JobId => JobId.parse(`job_01890000-0000-7000-8000-${HEX.slice(0, 11)}${n.toString(16)}`);

const ATTEMPTS = {
  leased: 0,
  returned: 0,
  valid: 0,
  invalid: 0,
  inconclusive: 0,
  errored: 0,
  expired: 0,
  abandoned: 0,
  revoked: 0,
};
const UNITS = { total: 10, pending: 10, active: 0, provisional: 0, validated: 0, failed: 0, cancelled: 0 };

interface Change extends Partial<Omit<JobView, 'units' | 'attempts' | 'independence'>> {
  units?: Partial<JobView['units']>;
  attempts?: Partial<JobView['attempts']>;
  independence?: Partial<JobView['independence']>;
}

/** A running job of ten pending units, but for what is said. */
export const aJob = ({ units, attempts, independence, ...rest }: Change = {}): JobView => ({
  id: jobId(),
  number: 1,
  name: 'Squares',
  batch: null,
  submitter: 'the pulsar group',
  state: 'running',
  reason: null,
  waiting: null,
  waitingFor: null,
  program: Sha256.parse('ab'.repeat(32)),
  programKind: 'js',
  signer: null,
  tier: 'public',
  source: 'integers',
  inputs: 'closed',
  data: {},
  reduces: false,
  policy: { kind: 'quorum', quorum: 2 },
  comparison: { kind: 'bytes' },
  sameClass: false,
  requirements: { memoryMb: 0, cores: 0, wasm: [] },
  warnings: [],
  errorEstimate: null,
  estimate: null,
  limits: { deadlineMs: 60_000, resultBytes: 65_536, maxErrors: 3, maxAttempts: 20 },
  priority: 0,
  weight: 1,
  createdAt: 0,
  completedAt: null,
  retention: null,
  expiresAt: null,
  fact: 1,
  ...rest,
  independence: { device: true, volunteer: true, prefix: true, ...independence },
  units: { ...UNITS, ...units },
  attempts: { ...ATTEMPTS, ...attempts },
});

export const aSample = (at: number, rest: Partial<StatsSample> = {}): StatsSample => ({
  at,
  validated: 0,
  returned: 0,
  queue: 0,
  leased: 0,
  sessions: 0,
  ...rest,
});

export const aDevice = (rest: Partial<DeviceView> = {}): DeviceView => ({
  id: DeviceId.parse(`dev_01890000-0000-7000-8000-${HEX}`),
  number: 1,
  platform: 'Chrome 152 on Linux',
  class: 'chromium',
  capabilities: { memoryMb: 8192, cores: 8, wasm: ['simd'] },
  firstSeen: 0,
  playground: { apart: false, optedIn: false },
  connected: true,
  slots: 4,
  leased: 2,
  valid: 0,
  invalid: 0,
  waiting: 0,
  errored: 0,
  revoked: 0,
  credit: 0,
  trust: { standing: 'new', survived: 0, caught: 0, checkRate: 1 },
  idle: null,
  ...rest,
});

/** What the coordinator says of a job that waits for a second device, kept from it by these kinships. */
export const waitsForAnother = (
  ...kinships: NonNullable<JobView['waitingFor']>['kinships']
): Pick<JobView, 'waiting' | 'waitingFor'> => ({
  waiting: '3 units wait for another, independent device: each connected one has computed them already.',
  waitingFor: { kind: 'independent-device', kinships },
});
