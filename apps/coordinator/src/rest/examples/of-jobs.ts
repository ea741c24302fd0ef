import { AT, BATCH, DEVICE, JOB, PROGRAM } from './names.ts';

const UNITS = {
  total: 1_000_000,
  pending: 412_000,
  active: 8000,
  provisional: 0,
  validated: 579_998,
  failed: 2,
  cancelled: 0,
};

const JobView = {
  id: JOB,
  number: 7,
  name: 'Collatz up to a million',
  batch: null,
  submitter: 'Pulsar group',
  state: 'running',
  reason: null,
  waiting: null,
  waitingFor: null,
  program: PROGRAM,
  programKind: 'js',
  signer: null,
  tier: 'public',
  source: 'range',
  inputs: 'closed',
  data: {},
  reduces: false,
  policy: { kind: 'quorum', quorum: 2 },
  comparison: { kind: 'bytes' },
  independence: { device: true, volunteer: true, prefix: true },
  sameClass: false,
  requirements: { memoryMb: 0, cores: 0, wasm: [] },
  limits: { deadlineMs: 60_000, resultBytes: 65_536, maxErrors: 3, maxAttempts: 10 },
  warnings: [],
  errorEstimate: null,
  estimate: { leftMs: 5_400_000, attemptsPerUnit: 2.04, unitMs: 410, computeMs: 836_400_000, credit: 2_000_000 },
  priority: 0,
  weight: 1,
  units: UNITS,
  attempts: {
    leased: 8000,
    returned: 1200,
    valid: 1_159_996,
    invalid: 3,
    inconclusive: 0,
    errored: 6,
    expired: 14,
    abandoned: 210,
    revoked: 0,
  },
  createdAt: AT,
  completedAt: null,
  retention: 30,
  expiresAt: null,
  fact: 1_161_204,
};

const BatchView = {
  id: BATCH,
  name: 'One job a night of observation',
  submitter: 'Pulsar group',
  createdAt: AT,
  jobs: { total: 2, running: 1, held: 0, cancelled: 0, completed: 1, deleted: 0 },
  units: { total: 900, pending: 100, active: 40, provisional: 0, validated: 760, failed: 0, cancelled: 0 },
};

const FAILURE = {
  phase: 'run',
  message: 'RangeError: the table ends at 255',
  stack: '    at lookUp (table.ts:41:11)\n    at run (main.ts:7:20)',
  log: ['reading table 3'],
};

/** Examples of what is answered about jobs, by the names of their schemas. */
export const JOB_EXAMPLES = {
  JobView: [JobView],
  JobDeleted: [{ id: JOB, number: 7, cleared: true }],
  InputsAppended: [{ total: 4096 }],
  JobRetried: [{ job: JobView, retried: 2 }],
  BatchView: [BatchView],
  BatchCreated: [{ batch: BatchView, jobs: [JOB] }],
  BatchChanged: [{ batch: BatchView, changed: 1 }],
  ProgramView: [
    {
      sha256: PROGRAM,
      kind: 'js',
      size: 18_204,
      name: 'Collatz up to a million',
      jobs: 12,
      openJobs: 1,
      firstUsedAt: AT - 864_000_000,
      lastUsedAt: AT,
      signer: null,
      sourceMap: null,
    },
  ],
  UnitView: [
    {
      index: 41,
      state: 'active',
      reason: null,
      waiting:
        '1 unit waits for another, independent device: each connected one has computed them already. Open the page on another ' +
        'device, or switch off independence by device for this job.',
      waitingFor: { kind: 'independent-device', kinships: ['device'] },
      errors: 0,
      attempts: [{ id: '3.1201.0', device: DEVICE, state: 'returned' }],
    },
  ],
  FactView: [
    {
      fact: 1204,
      at: AT,
      cause: 'exchange 52c1',
      kind: 'errored',
      text: 'Attempt 3.1201.0 failed: RangeError: the table ends at 255',
      unit: 41,
      device: DEVICE,
      failure: FAILURE,
    },
  ],
  AttemptDetail: [
    {
      id: '3.1201.0',
      device: DEVICE,
      state: 'errored',
      unit: 41,
      at: AT,
      runMs: 380,
      size: null,
      error: 'RangeError: the table ends at 255',
      failure: FAILURE,
    },
  ],
  ResultView: [
    { unit: 26, cursor: '1203.26', output: { steps: 111 } },
    {
      unit: 27,
      cursor: '1207.27',
      blob: { sha256: PROGRAM, bytes: 8_388_608, encoding: 'bytes' },
      type: 'float64',
    },
    { unit: 41, cursor: '1210.41', error: 'The program failed 3 times: RangeError: the table ends at 255' },
  ],
  ResultReceipt: [{ sha256: PROGRAM, size: 8_388_608, receipt: 'uTtNJ5k9Pgil5S5S19p9qw==' }],
  AnswerView: [
    {
      answer: { mean: 131.4 },
      intervals: [{ path: '/mean', value: 131.4, low: 131.1, high: 131.7 }],
      noIntervals: null,
      folded: 579_998,
      skipped: 0,
      failed: 2,
      total: 1_000_000,
      isFinal: false,
      cursor: '1203.26',
    },
  ],
};
