import {
  contradictions,
  IdempotencyKey,
  JobId,
  JobSpec,
  type JobSpecInput,
  type JobState,
  JobView,
  uuidv7,
} from '@gossamer/protocol';
import { errorOf } from './error-kinds.ts';
import { Job } from './job.ts';
import { readId } from './read-id.ts';
import { pages, type Signalled } from './pages.ts';
import { tolerant } from './tolerant.ts';
import type { Transport } from './transport.ts';

export interface CreateOptions<In> {
  echo?: (unit: number) => In | undefined;
  signal?: AbortSignal;
  /** A text that is new for each job; random unless given. */
  idempotencyKey?: string;
}

/** Which jobs are listed: of a state, of a batch (its id), of a program (its SHA-256). */
export interface JobsFilter extends Signalled {
  state?: JobState;
  batch?: string;
  program?: string;
}

const randomKey = (): string => uuidv7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));

/** Jobs of this key; of every key for an operator's. */
export class Jobs {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Creates a job of a program and data that were uploaded before; `grid.map` does all of it. Tried again where the
   * connection breaks: its idempotency key makes one job of it. With a key of one's own that is so over a restart of the
   * client, too.
   */
  async create<In = unknown, Out = unknown>(
    spec: JobSpecInput,
    { echo, signal, idempotencyKey = randomKey() }: CreateOptions<In> = {},
  ): Promise<Job<In, Out>> {
    checkSpec(spec);
    if (!IdempotencyKey.safeParse(idempotencyKey).success) {
      throw errorOf('usage', 'an idempotency key has 1 to 200 visible ASCII characters, without blanks');
    }
    const headers = { 'idempotency-key': idempotencyKey };
    const call = { method: 'POST', path: '/v1/jobs', json: spec, headers, signal } as const;
    const { id } = await this.#transport.json(tolerant(JobView), call);
    return new Job<In, Out>(this.#transport, id, echo);
  }

  /** Newest first, page after page as they are taken. */
  list({ state, batch, program, signal }: JobsFilter = {}): AsyncGenerator<JobView> {
    return pages(this.#transport, JobView, { path: '/v1/jobs', query: { state, batch, program }, signal });
  }

  /** What a job was made of, as `create` takes it: it makes the same job once more. The inputs of a stream are not in it. */
  async spec(id: string, { signal }: Signalled = {}): Promise<JobSpec> {
    return this.#transport.json(tolerant(JobSpec), { path: `/v1/jobs/${idOf(id)}/spec`, signal });
  }

  /** A handle on a job by its id; nothing is asked of the coordinator yet. */
  get<In = unknown, Out = unknown>(id: string): Job<In, Out> {
    return new Job<In, Out>(this.#transport, idOf(id));
  }
}

/** Throws `job-unknown` for a text that is no job's id. */
const idOf = (id: string): JobId => readId(JobId, 'job-unknown', id, "a job's id; it looks like job_0190…");

const Lean = JobSpec.omit({ source: true });

/** Tells at once what the coordinator would refuse. A list's items were looked at when their text was made. */
const checkSpec = ({ source: _, ...spec }: JobSpecInput): void => {
  const read = Lean.safeParse(spec);
  if (read.success) return checkPolicy(read.data);
  const errors = read.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const text = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw errorOf('request-invalid', `the job does not fit: ${text}`, { errors });
};

const checkPolicy = (spec: Parameters<typeof contradictions>[0]): void => {
  const errors = contradictions(spec);
  if (errors.length === 0) return;
  const text = errors.map(({ message }) => message).join('; ');
  throw errorOf('policy-contradictory', `the policy of the job contradicts itself: ${text}`, { errors });
};
