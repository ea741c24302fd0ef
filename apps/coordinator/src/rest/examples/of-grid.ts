import { AT, DELIVERY, DEVICE, HOOK, JOB, KEY, PROGRAM, SIGNATURE, SIGNER, SUCCESSOR } from './names.ts';

const CAPABILITIES = { memoryMb: 8192, cores: 8, wasm: ['simd', 'threads'] };
const TRUST = { standing: 'credible', survived: 61, caught: 0, checkRate: 0.05 };
const COUNTS = { leased: 4, valid: 812, invalid: 0, waiting: 3, errored: 1, revoked: 0, credit: 812 };
const DEVICE_OF = { id: DEVICE, number: 12, platform: 'Chromium 152 on Linux', class: 'chromium', firstSeen: AT };

const KeyView = {
  id: KEY,
  role: 'submitter',
  name: 'Pulsar group',
  createdAt: AT,
  expiresAt: null,
  revokedAt: null,
  quota: { openJobs: 100 },
};
const QUOTAS = {
  blobBytes: { limit: 10_737_418_240, used: 18_204 },
  resultBytes: { limit: 10_737_418_240, used: 2_310_144 },
  openJobs: { limit: 100, used: 1 },
  units: { limit: null, used: 1_000_000 },
};
const Me = { key: KEY, role: 'submitter', name: 'Pulsar group' };
const Refusal = {
  at: AT,
  job: JOB,
  jobName: 'Collatz up to a million',
  reason: 'program',
  detail: 'its bytes are not those of its name',
};
const WebhookView = {
  id: HOOK,
  name: 'Our queue',
  url: 'https://hooks.example.org/gossamer',
  events: ['results.added', 'job.completed', 'job.cancelled'],
  provisional: false,
  job: null,
  owner: KEY,
  ownerName: 'Pulsar group',
  state: 'active',
  reason: null,
  failures: 0,
  createdAt: AT,
};

/** Examples of what is answered about everything else, by the names of their schemas. */
export const GRID_EXAMPLES = {
  BlobView: [{ sha256: PROGRAM, size: 18_204 }],
  CoordinatorKeys: [
    { current: SUCCESSOR, chain: [{ from: SIGNER, to: SUCCESSOR, issuedAt: AT, signature: SIGNATURE }] },
  ],
  DeviceView: [
    {
      ...DEVICE_OF,
      ...COUNTS,
      capabilities: CAPABILITIES,
      playground: { apart: false, optedIn: false },
      connected: true,
      slots: 4,
      trust: TRUST,
      idle: null,
    },
  ],
  DeviceRecord: [
    {
      ...DEVICE_OF,
      ...COUNTS,
      publicKey: `${'A'.repeat(86)}A`,
      network: '203.0.113.0/24',
      apart: false,
      optedIn: false,
      capabilities: CAPABILITIES,
      slots: 4,
      speed: { factor: 1.3, reach: 40 },
      left: null,
      lastGrant: AT,
      refusals: [Refusal],
      resting: [],
      inconclusive: 0,
      trust: TRUST,
      attempts: [{ job: JOB, unit: 41, attempt: '3.1201.0', outcome: 'valid' }],
      next: null,
    },
  ],
  DeviceForgotten: [{ number: 12, released: 4, erased: true }],
  GridView: [
    {
      name: 'Skylark',
      operator: 'The observatory of Reedham',
      about: 'Searches the sky for signals that drift.',
      protocol: 1,
      publicUrl: 'https://grid.example.org',
      jobs: [
        {
          number: 7,
          name: 'Collatz up to a million',
          submitter: 'Pulsar group',
          units: 1_000_000,
          validated: 579_998,
          data: [{ name: 'catalog', size: 73_400_320 }],
        },
      ],
      sessions: 214,
    },
  ],
  StatsView: [
    {
      startedAt: AT,
      version: '0.1.0',
      store: 'sqlite',
      samples: [{ at: AT, validated: 579_998, returned: 1_161_199, queue: 20_000, leased: 8000, sessions: 214 }],
    },
  ],
  KeyView: [KeyView],
  KeyCreated: [{ ...KeyView, secret: 'gsk_shown-this-once' }],
  Me: [Me],
  MeView: [{ ...Me, quotas: QUOTAS }],
  KeyQuotas: [{ key: KEY, quotas: QUOTAS }],
  RefusalView: [{ ...Refusal, device: DEVICE }],
  SignerView: [
    {
      key: SIGNER,
      fingerprint: '3c5a 91d0 77e2 b40f 1a6b 5cc8 e9f3 0d24',
      name: 'Ada',
      owner: KEY,
      ownerName: 'Pulsar group',
      policy: { tier: 'public', lanes: ['js', 'wasm'], limits: { deadlineMs: 600_000, resultBytes: 1_048_576 } },
      tier: 'public',
      successor: null,
      openJobs: 1,
      registeredAt: AT,
      revokedAt: null,
    },
  ],
  SignerSpec: [{ key: SIGNER, name: 'Ada', proof: SIGNATURE, succeeds: null }],
  WebhookView: [WebhookView],
  WebhookCreated: [{ ...WebhookView, secret: 'whsec_shown-this-once' }],
  DeliveryView: [
    {
      id: DELIVERY,
      type: 'results.added',
      job: JOB,
      at: AT,
      state: 'succeeded',
      dueAt: null,
      tries: [{ at: AT, status: 204, durationMs: 41, error: null }],
    },
  ],
};
