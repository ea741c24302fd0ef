import {
  type AnswerView,
  elementTypeOf,
  ENCODING,
  type Encoding,
  FactView,
  JobId,
  type JobSpec,
  JobView,
  PACKED_HEAD,
  ProblemError,
  ResultView,
  typedArrayOf,
  uuidv7,
} from '@gossamer/protocol';
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';

/** A job of the test's coordinator: what it was made of, and what is final of it. */
export class FakeJob extends EventEmitter {
  readonly id = JobId.parse(`job_${uuidv7(Date.now(), randomBytes(10))}`);
  readonly spec: JobSpec;
  /** Of each unit that failed. */
  failedAttempts = 1;
  readonly inputs: unknown[];
  readonly results: ResultView[] = [];
  state: JobView['state'] = 'running';
  reason: string | null = null;
  /** Inputs may still come. */
  isOpen: boolean;
  /** How many inputs came with each request. */
  readonly appended: number[] = [];
  /** How often its answer was asked for after its end. */
  looks = 0;
  /** Fields of its view that a test says. */
  told: Partial<JobView> = {};

  constructor(spec: JobSpec, inputs: unknown[]) {
    super();
    this.setMaxListeners(0);
    this.spec = spec;
    this.inputs = inputs;
    this.isOpen = spec.source.kind === 'stream';
  }

  /** Makes a unit's result final. */
  finish(unit: number, outcome: Pick<ResultView, 'bytes' | 'blob' | 'type' | 'error'> & { output?: unknown }): void {
    this.results.push(ResultView.parse({ unit, cursor: `c${this.results.length + 1}`, ...outcome }));
    this.#look();
  }

  /** As the coordinator does: the same once more changes nothing, and anything else in its place is refused. */
  append(first: number, more: unknown[]): number {
    const isThere = JSON.stringify(this.inputs.slice(first, first + more.length)) === JSON.stringify(more);
    if (first < this.inputs.length && isThere) return this.inputs.length;
    if (!this.isOpen) throw new ProblemError('inputs-closed');
    if (this.over) throw new ProblemError(this.state === 'cancelled' ? 'job-cancelled' : 'job-completed');
    if (first !== this.inputs.length) throw new ProblemError('inputs-misplaced');
    this.inputs.push(...more);
    this.appended.push(more.length);
    this.emit('change');
    return this.inputs.length;
  }

  close(): JobView {
    this.isOpen = false;
    this.#look();
    return this.view();
  }

  #look(): void {
    const isDone = !this.isOpen && this.#standing().length === this.inputs.length;
    if (isDone && this.state === 'running') this.state = 'completed';
    this.emit('change');
  }

  /** A unit's result stands on the word of one device for now; without an outcome, it no longer does. */
  suppose(unit: number, outcome?: { output: unknown } | Pick<ResultView, 'blob'>): void {
    const kind = outcome === undefined ? 'revoked' : 'provisional';
    this.results.push(ResultView.parse({ unit, cursor: `c${this.results.length + 1}`, ...outcome, kind }));
    this.emit('change');
  }

  /** Final results that were not retried since. */
  #standing(): ResultView[] {
    return this.results.filter(({ superseded, kind }) => superseded === undefined && kind === undefined);
  }

  become(state: JobView['state'], reason: string | null): JobView {
    if (this.over) throw new ProblemError(this.state === 'cancelled' ? 'job-cancelled' : 'job-completed');
    this.state = state;
    this.reason = reason;
    this.emit('change');
    return this.view();
  }

  /** Opens what failed again; gives how many units. */
  retry(): number {
    const failed = this.results.filter(({ error, superseded }) => error !== undefined && superseded === undefined);
    for (const line of failed) line.superseded = true;
    if (failed.length > 0) this.state = 'running';
    this.emit('change');
    return failed.length;
  }

  get over(): boolean {
    return this.state === 'completed' || this.state === 'cancelled';
  }

  /** One attempt failed at each unit that failed. */
  facts(unit: number): FactView[] {
    const error = this.results.find((result) => result.unit === unit)?.error;
    if (error === undefined) return [];
    const stack = `${error}\n    at run (main.ts:3:7)`;
    const failure = { phase: 'run', message: error, stack, log: ['\u001b[2Jlooking', 'closer'] } as const;
    const said = { fact: 4, at: 1, cause: 'c', kind: 'errored', text: `Attempt 1.1.0 failed: ${error}`, unit };
    return Array.from({ length: this.failedAttempts }, () => FactView.parse({ ...said, device: null, failure }));
  }

  /** What comes after a job's end is folded a look later. */
  answer(): AnswerView {
    if (this.spec.reduce === false) throw new ProblemError('answer-none');
    const folded = this.results.length;
    const isFinal = this.over && this.looks++ > 0;
    const intervals = folded < 2 ? [] : [{ path: '/mean', value: 2, low: 1.5, high: 2.5 }];
    const noIntervals = folded < 2 ? `2 results are needed, and ${folded} are in it` : null;
    const counts = { folded, skipped: 0, failed: 0, total: this.inputs.length };
    return { answer: { mean: folded }, intervals, noIntervals, ...counts, isFinal, cursor: `c${folded}` };
  }

  /** Where in `results` the cursor points. */
  after(cursor: string | null): number {
    if (cursor === null) return 0;
    if (!/^c\d+$/.test(cursor)) throw new ProblemError('cursor-invalid');
    return Number(cursor.slice(1));
  }

  view(): JobView {
    const standing = this.#standing();
    const failed = standing.filter(({ error }) => error !== undefined).length;
    const total = this.inputs.length;
    const validated = standing.length - failed;
    return JobView.parse({
      id: this.id,
      number: 1,
      name: this.spec.name,
      batch: null,
      submitter: 'tester',
      state: this.state,
      reason: this.reason,
      waiting: null,
      program: this.spec.program,
      programKind: 'js',
      signer: null,
      tier: 'public',
      source: this.spec.source.kind,
      inputs: this.isOpen ? 'open' : 'closed',
      data: this.spec.data,
      reduces: this.spec.reduce === true,
      policy: this.spec.policy,
      comparison: this.spec.comparison,
      independence: this.spec.independence,
      sameClass: this.spec.sameClass,
      requirements: this.spec.requirements,
      warnings: [],
      errorEstimate: null,
      estimate: null,
      limits: this.spec.limits,
      priority: this.spec.priority,
      weight: this.spec.weight,
      units: {
        total,
        pending: total - standing.length,
        active: 0,
        provisional: 0,
        validated,
        failed,
        cancelled: 0,
      },
      attempts: {
        leased: 0,
        returned: 0,
        valid: 0,
        invalid: 0,
        inconclusive: 0,
        errored: 0,
        expired: 0,
        abandoned: 0,
        revoked: 0,
      },
      createdAt: 1,
      completedAt: this.state === 'completed' ? 2 : null,
      retention: this.spec.retention ?? null,
      expiresAt: null,
      fact: this.results.length + 1,
      ...this.told,
    });
  }
}

/** As JSON writes it. */
const isNumber = (text: string): boolean => /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text);

/** The inputs of a source, as the coordinator would cut them. */
export const cut = (spec: JobSpec, blob: (sha256: string) => Buffer): unknown[] => {
  const { source } = spec;
  switch (source.kind) {
    case 'range':
      return Array.from(
        { length: Math.ceil((source.stop - source.start) / source.step) },
        (_, i) => source.start + i * source.step,
      );
    case 'list':
      return source.items;
    case 'stream':
      return [];
    case 'lines': {
      const lines = blob(source.blob)
        .toString()
        .split('\n')
        .filter((line) => line.trim() !== '');
      return source.format === 'text' ? lines : lines.map((line) => JSON.parse(line) as unknown);
    }
    case 'csv': {
      const cell = (text: string): string | number => (source.numbers && isNumber(text) ? Number(text) : text);
      const rows = blob(source.blob)
        .toString()
        .trim()
        .split('\n')
        .map((row) => row.split(source.delimiter).map(cell));
      if (!source.header) return rows;
      const names = rows.shift()!;
      return rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])));
    }
    case 'product': {
      let all: object[] = [{}];
      for (const [name, axis] of Object.entries(source.axes)) {
        const values = Array.isArray(axis)
          ? axis
          : Array.from({ length: (axis.stop - axis.start) / axis.step }, (_, i) => axis.start + i * axis.step);
        all = all.flatMap((combination) => values.map((value) => ({ ...combination, [name]: value })));
      }
      return all;
    }
    // Any program here splits its job in three.
    case 'split':
      return [0, 1, 2];
    case 'packed': {
      const bytes = blob(source.blob);
      const inputs: unknown[] = [];
      for (let at = 0; at < bytes.length;) {
        const [encoding, size] = [bytes[at]! as Encoding, bytes.readUInt32LE(at + 1)];
        const body = new Uint8Array(bytes.subarray(at + PACKED_HEAD, at + PACKED_HEAD + size));
        const type = elementTypeOf(encoding);
        if (encoding === ENCODING.json) inputs.push(JSON.parse(Buffer.from(body).toString()));
        else inputs.push(type === null ? body.buffer : typedArrayOf(type, body));
        at += PACKED_HEAD + size;
      }
      return inputs;
    }
    case 'records': {
      const bytes = blob(source.blob);
      const stride = source.bytes - source.overlap;
      const inputs: unknown[] = [];
      for (let at = source.offset; at + source.overlap < bytes.length; at += stride) {
        inputs.push(new Uint8Array(bytes.subarray(at, at + source.bytes)).buffer);
      }
      return inputs;
    }
    case 'bands':
      return Array.from({ length: Math.ceil(source.columns / source.width) }, () => null);
  }
};
