import type { Quota } from '@gossamer/protocol';
import { LIMITS } from '@gossamer/protocol';
import { z } from 'zod';
import { isLoopbackHost } from './http/loopback.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const origin = z
  .string()
  .regex(/^https?:\/\/[^/?#\s*]+\/?$/, {
    message: 'expected an origin such as https://grid.example.org, without a path',
  })
  .refine((text) => URL.canParse(text), { message: 'expected an origin such as https://grid.example.org' })
  .transform((text) => new URL(text).origin);
const days = z.coerce.number().min(0).max(36_500);
const flag = z.enum(['0', '1', 'true', 'false']).transform((text) => text === '1' || text === 'true');

/** The environment, checked at start. Every variable is listed in docs/operations.md. */
const Environment = z
  .object({
    GOSSAMER_PORT: port.default(8080),
    GOSSAMER_HOST: z.string().default('127.0.0.1'),
    /** The origin of the pages as browsers see it; by default http://localhost:PORT. */
    GOSSAMER_PUBLIC_URL: origin.optional(),
    /** The cages' origin with a `*` for the job's own host; by default http://*.cage.localhost:PORT. */
    GOSSAMER_CAGE_ORIGIN: z
      .string()
      .regex(/^https?:\/\/\*\.[^/]+$/, { message: 'expected an origin such as https://*.cage.example.org' })
      .optional(),
    /** Where everything is kept; `:memory:` keeps nothing. */
    GOSSAMER_DATA: z.string().default('data'),
    /** How many proxies stand before us: then the client's address is taken from X-Forwarded-For. */
    GOSSAMER_TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
    GOSSAMER_GRID_NAME: z.string().default('A Gossamer grid'),
    GOSSAMER_OPERATOR: z.string().default('an operator who has given no name'),
    GOSSAMER_ABOUT: z.string().default(''),
    GOSSAMER_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
    /** ms that a vanished session's leases wait for it to come back. */
    GOSSAMER_SESSION_GRACE_MS: z.coerce.number().int().min(0).default(10_000),
    GOSSAMER_HEARTBEAT_MS: z.coerce.number().int().min(100).default(10_000),
    /** Units of one lease, at the most. */
    GOSSAMER_LEASE_UNITS: z.coerce.number().int().min(1).max(LIMITS.leaseUnits).default(LIMITS.leaseUnits),
    /** REST requests a minute and address, of IPv6 a minute and /64. */
    GOSSAMER_RATE_LIMIT: z.coerce.number().int().min(1).default(3000),
    /** Messages a second of one session; of what is more the socket is not read for a while. */
    GOSSAMER_SESSION_RATE: z.coerce.number().int().min(10).default(1000),
    /** Connections of volunteers of one network (/24, /56) at a time; 0: any number. */
    GOSSAMER_SOCKETS_PER_NETWORK: z.coerce.number().int().min(0).default(1000),
    /** Sign-ins of volunteers of one network a minute; 0: any number. */
    GOSSAMER_SIGN_INS_PER_NETWORK: z.coerce.number().int().min(0).default(3000),
    /** Operator's and submitter's first keys; made and printed once when not given. */
    GOSSAMER_OPERATOR_KEY: z.string().min(20).optional(),
    GOSSAMER_SUBMITTER_KEY: z.string().min(20).optional(),
    /** The largest maximum that the memory of a wasm module may declare, MiB; 4096 is all that a 32-bit memory can have. */
    GOSSAMER_WASM_MEMORY_MB: z.coerce.number().int().min(1).max(4096).default(256),
    /** The largest result that a job may allow, MiB: each is in a tab's memory before it is sent. */
    GOSSAMER_RESULT_MB: z.coerce.number().int().min(1).max(1024).default(64),
    /** Shared data that one job may name, all of it together, MiB. */
    GOSSAMER_JOB_DATA_MB: z.coerce.number().int().min(0).max(1_000_000).default(4096),
    /** Where programs run that are unsigned, or of a signer to whom the operator has granted nothing yet. */
    GOSSAMER_UNVETTED: z.enum(['public', 'playground', 'refuse']).optional(),
    /** Where webhooks may go: by https to public addresses, or by http, too, and to all that this machine can reach. */
    GOSSAMER_WEBHOOK_TARGETS: z.enum(['public', 'any']).default('public'),
    /** What a submitter's key may have, unless the key says otherwise; without one any number. */
    GOSSAMER_QUOTA_BLOB_MB: z.coerce.number().int().min(0).max(1_000_000_000).optional(),
    GOSSAMER_QUOTA_RESULT_MB: z.coerce.number().int().min(0).max(1_000_000_000).optional(),
    GOSSAMER_QUOTA_OPEN_JOBS: z.coerce.number().int().min(0).optional(),
    GOSSAMER_QUOTA_UNITS: z.coerce.number().int().min(0).optional(),
    /** Hours for which a blob that no job names is kept. */
    GOSSAMER_BLOB_GRACE_HOURS: z.coerce.number().min(0).max(87_600).default(24),
    GOSSAMER_INPUT_IDLE_HOURS: z.coerce.number().min(0.01).max(87_600).default(24),
    /** Days for which a job is kept after its end, where it does not say; without it for ever. */
    GOSSAMER_RETENTION_DAYS: days.optional(),
    /** Days for which any job may be kept after its end. */
    GOSSAMER_RETENTION_MAX_DAYS: days.optional(),
    /** Serve the built pages (off for a mere API). */
    GOSSAMER_PAGES: flag.default(true),
  })
  .refine(
    (env) => env.GOSSAMER_OPERATOR_KEY === undefined || env.GOSSAMER_OPERATOR_KEY !== env.GOSSAMER_SUBMITTER_KEY,
    {
      path: ['GOSSAMER_SUBMITTER_KEY'],
      message: 'expected another key than GOSSAMER_OPERATOR_KEY',
    },
  )
  .refine(
    (env) => (env.GOSSAMER_RETENTION_DAYS ?? 0) <= (env.GOSSAMER_RETENTION_MAX_DAYS ?? Number.POSITIVE_INFINITY),
    { path: ['GOSSAMER_RETENTION_DAYS'], message: 'expected at most GOSSAMER_RETENTION_MAX_DAYS' },
  );

/** The names of all variables that are read. */
export const VARIABLES: readonly string[] = Object.keys(Environment.shape);

export interface Config {
  port: number;
  host: string;
  publicUrl: string | null;
  cageOrigin: string | null;
  data: string;
  trustProxy: number;
  gridName: string;
  operator: string;
  about: string;
  logLevel: string;
  sessionGraceMs: number;
  heartbeatMs: number;
  leaseUnits: number;
  rateLimit: number;
  sessionRate: number;
  socketsPerNetwork: number;
  signInsPerNetwork: number;
  operatorKey: string | null;
  submitterKey: string | null;
  wasmMemoryBytes: number;
  jobDataBytes: number;
  resultBytes: number;
  pages: boolean;
  unvetted: Unvetted;
  webhookTargets: 'public' | 'any';
  blobGraceHours: number;
  /** How long a stream waits for inputs before they are closed. */
  inputIdleHours: number;
  /** Of submitters' keys that say nothing. */
  quota: Required<Quota>;
  /** null: for ever. */
  retentionDays: number | null;
  retentionMaxDays: number | null;
}

/** Programs that nobody vetted run on all devices, in the playground only, or are refused. */
export type Unvetted = 'public' | 'playground' | 'refuse';

/** On one's own machine a first try needs no ceremony; strangers are to run nothing that nobody answers for. */
const unvettedBy = (publicUrl: string | undefined): Unvetted =>
  publicUrl === undefined || isLoopbackHost(new URL(publicUrl).host) ? 'public' : 'playground';

const bytesOfMb = (mb: number | undefined): number | null => (mb === undefined ? null : mb * 1024 * 1024);

/** Reads the configuration; throws an Error that names every variable that does not fit. */
export const readConfig = (environment: Record<string, string | undefined>): Config => {
  // An empty variable is one that is not set, as in the files of composers.
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(set);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`the configuration does not fit:\n${lines.join('\n')}`);
  }
  const env = parsed.data;
  return {
    port: env.GOSSAMER_PORT,
    host: env.GOSSAMER_HOST,
    publicUrl: env.GOSSAMER_PUBLIC_URL ?? null,
    cageOrigin: env.GOSSAMER_CAGE_ORIGIN ?? null,
    data: env.GOSSAMER_DATA,
    trustProxy: env.GOSSAMER_TRUST_PROXY,
    gridName: env.GOSSAMER_GRID_NAME,
    operator: env.GOSSAMER_OPERATOR,
    about: env.GOSSAMER_ABOUT,
    logLevel: env.GOSSAMER_LOG_LEVEL,
    sessionGraceMs: env.GOSSAMER_SESSION_GRACE_MS,
    heartbeatMs: env.GOSSAMER_HEARTBEAT_MS,
    leaseUnits: env.GOSSAMER_LEASE_UNITS,
    rateLimit: env.GOSSAMER_RATE_LIMIT,
    sessionRate: env.GOSSAMER_SESSION_RATE,
    socketsPerNetwork: env.GOSSAMER_SOCKETS_PER_NETWORK,
    signInsPerNetwork: env.GOSSAMER_SIGN_INS_PER_NETWORK,
    operatorKey: env.GOSSAMER_OPERATOR_KEY ?? null,
    submitterKey: env.GOSSAMER_SUBMITTER_KEY ?? null,
    wasmMemoryBytes: env.GOSSAMER_WASM_MEMORY_MB * 1024 * 1024,
    resultBytes: env.GOSSAMER_RESULT_MB * 1024 * 1024,
    jobDataBytes: env.GOSSAMER_JOB_DATA_MB * 1024 * 1024,
    pages: env.GOSSAMER_PAGES,
    unvetted: env.GOSSAMER_UNVETTED ?? unvettedBy(env.GOSSAMER_PUBLIC_URL),
    webhookTargets: env.GOSSAMER_WEBHOOK_TARGETS,
    quota: {
      blobBytes: bytesOfMb(env.GOSSAMER_QUOTA_BLOB_MB),
      resultBytes: bytesOfMb(env.GOSSAMER_QUOTA_RESULT_MB),
      openJobs: env.GOSSAMER_QUOTA_OPEN_JOBS ?? null,
      units: env.GOSSAMER_QUOTA_UNITS ?? null,
    },
    blobGraceHours: env.GOSSAMER_BLOB_GRACE_HOURS,
    inputIdleHours: env.GOSSAMER_INPUT_IDLE_HOURS,
    // Where the longest time is given alone, it is that of every job which says nothing.
    retentionDays: env.GOSSAMER_RETENTION_DAYS ?? env.GOSSAMER_RETENTION_MAX_DAYS ?? null,
    retentionMaxDays: env.GOSSAMER_RETENTION_MAX_DAYS ?? null,
  };
};

/** The configuration as it may be printed: secrets are named, not shown. */
export const redacted = (config: Config): Record<string, unknown> => ({
  ...config,
  operatorKey: config.operatorKey === null ? null : '(set)',
  submitterKey: config.submitterKey === null ? null : '(set)',
});

/** The host of a job's cage: `{n}` in `template` numbers further hosts after one has died. */
export const cageTemplate = (origin: string, jobNumber: number): string => origin.replace('*', `j${jobNumber}-{n}`);
