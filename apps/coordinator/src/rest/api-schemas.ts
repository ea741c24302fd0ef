import {
  AnswerView,
  AttemptDetail,
  BatchChanged,
  BatchCreated,
  BatchSpec,
  BatchView,
  BlobView,
  CoordinatorKeys,
  DevicePatch,
  DeviceForgotten,
  DeviceRecord,
  DeliveryView,
  DeviceView,
  FactView,
  GridView,
  JobDeleted,
  JobPatch,
  JobReason,
  InputsAppended,
  JobRetried,
  JobSpec,
  type JobSpecInput,
  JobView,
  KeyCreated,
  KeyPatch,
  KeyQuotas,
  KeySpec,
  KeyView,
  Problem,
  ProgramView,
  RefusalView,
  ResultReceipt,
  ResultView,
  Sha256,
  SignerPolicyPatch,
  SignerSpec,
  SignerView,
  Source,
  StatsView,
  UnitView,
  WebhookCreated,
  WebhookPatch,
  WebhookSpec,
  WebhookView,
} from '@gossamer/protocol';
import { z } from 'zod';
import { PROGRAM } from './examples/names.ts';
import { GRID_EXAMPLES } from './examples/of-grid.ts';
import { JOB_EXAMPLES } from './examples/of-jobs.ts';
import { MadeSpec } from './made-spec.ts';
import { Me, MeView, SignIn } from './me.ts';

const EXAMPLES: Record<string, unknown[]> = { ...JOB_EXAMPLES, ...GRID_EXAMPLES };

/** The schemas that the OpenAPI document names, with examples. */
export const apiSchemas = z.registry<{ id?: string; examples?: unknown[] }>();

const named = {
  AnswerView,
  BlobView,
  CoordinatorKeys,
  DeviceView,
  FactView,
  GridView,
  JobView,
  KeyCreated,
  KeyView,
  Me,
  ResultView,
  Source,
};
for (const [id, schema] of Object.entries({
  ...named,
  AttemptDetail,
  BatchChanged,
  BatchCreated,
  BatchView,
  DeliveryView,
  DeviceForgotten,
  DeviceRecord,
  InputsAppended,
  JobDeleted,
  JobRetried,
  KeyQuotas,
  MeView,
  ProgramView,
  RefusalView,
  ResultReceipt,
  SignerView,
  StatsView,
  UnitView,
  WebhookCreated,
  WebhookView,
}))
  apiSchemas.add(schema, { id, ...(EXAMPLES[id] === undefined ? {} : { examples: EXAMPLES[id] }) });

const JOB_SPECS: JobSpecInput[] = [
  {
    name: 'Collatz up to a million',
    program: Sha256.parse(PROGRAM),
    source: { kind: 'range', start: 1, stop: 1_000_001 },
    policy: { kind: 'quorum', quorum: 2 },
  },
  {
    name: 'A simulation whose last bits differ between browsers',
    program: Sha256.parse(PROGRAM),
    source: { kind: 'range', start: 0, stop: 10_000 },
    policy: { kind: 'adaptive', maxErrorRate: 0.001 },
    comparison: { kind: 'tolerance', relative: 1e-9 },
    requirements: { memoryMb: 4096, wasm: ['simd'] },
  },
];
apiSchemas.add(JobSpec, { id: 'JobSpec', examples: JOB_SPECS });
apiSchemas.add(MadeSpec, {
  id: 'MadeSpec',
  examples: JOB_SPECS.map((spec) => JobSpec.parse({ ...spec, reduce: false, retention: 30 })),
});
apiSchemas.add(BatchSpec, {
  id: 'BatchSpec',
  examples: [
    {
      name: 'One job a night of observation',
      jobs: [
        { name: '2027-01-14', program: PROGRAM, source: { kind: 'range', start: 0, stop: 500 } },
        { name: '2027-01-15', program: PROGRAM, source: { kind: 'range', start: 500, stop: 900 } },
      ],
    },
  ],
});
apiSchemas.add(JobReason, { id: 'JobReason', examples: [{ reason: 'the catalogue has a mistake' }] });
apiSchemas.add(JobPatch, { id: 'JobPatch', examples: [{ independence: { device: false } }] });
apiSchemas.add(KeySpec, { id: 'KeySpec', examples: [{ role: 'submitter', name: 'Pulsar group' }] });
apiSchemas.add(KeyPatch, {
  id: 'KeyPatch',
  examples: [{ quota: { openJobs: 100, units: 10_000_000, blobBytes: null } }],
});
apiSchemas.add(SignerSpec, { id: 'SignerSpec', examples: GRID_EXAMPLES.SignerSpec });
apiSchemas.add(SignerPolicyPatch, { id: 'SignerPolicyPatch', examples: [{ tier: 'public' }] });
apiSchemas.add(DevicePatch, { id: 'DevicePatch', examples: [{ apart: true }] });
apiSchemas.add(WebhookSpec, {
  id: 'WebhookSpec',
  examples: [
    { name: 'Our queue', url: 'https://hooks.example.org/gossamer' },
    {
      name: 'Results of one job as they come',
      url: 'https://hooks.example.org/gossamer',
      events: ['results.added', 'job.completed'],
      provisional: true,
      job: 'job_017f22e2-79b0-7cc3-98c4-dc0c0c07398f',
      from: 'start',
    },
  ],
});
apiSchemas.add(WebhookPatch, { id: 'WebhookPatch', examples: [{ active: true }] });
apiSchemas.add(SignIn, { id: 'SignIn', examples: [{ key: 'the key of an operator' }] });
apiSchemas.add(Problem, {
  id: 'Problem',
  examples: [
    {
      type: '/errors/request-invalid',
      title: 'The request does not fit its schema',
      status: 400,
      code: 'request-invalid',
      errors: [{ path: 'body.limits.deadlineMs', message: 'Too small: expected number to be >=100' }],
    },
  ],
});
