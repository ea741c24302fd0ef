import { createHash } from 'node:crypto';
import type { ProgramCase } from '../case.ts';
import type { AttackerUrls } from '../harness/attacker.ts';
import type { ProductCoordinator } from './coordinator.ts';

/** How a job's units ended; `refused`: the coordinator did not take the program. */
export type Ended =
  | { kind: 'refused'; code: string; detail: string }
  | { kind: 'units'; units: (UnitEnd | null)[] }
  /** Units of it never ended. */
  | { kind: 'stuck'; state: string };

/** A unit's final result, or why it failed. */
export interface UnitEnd {
  output?: unknown;
  /** Base64. */
  bytes?: string;
  error?: string;
  /** How its last attempt failed. */
  failure?: { phase: string | null; message: string };
}

const PATIENCE_MS = 90_000;
const LOOK_MS = 100;

const put = async (coordinator: ProductCoordinator, bytes: Uint8Array): Promise<string> => {
  const hash = createHash('sha256').update(bytes).digest('hex');
  const { ok, status } = await coordinator.request('PUT', `/v1/blobs/${hash}`, bytes);
  if (!ok) throw new Error(`an upload was answered with ${status}`);
  return hash;
};

const bytesOf = (program: ProgramCase['program']): Uint8Array =>
  typeof program === 'string' ? new TextEncoder().encode(program) : Buffer.from(program.wasm, 'base64');

type Inputs = NonNullable<ProgramCase['inputs']>;

const inputsOf = ({ inputs }: ProgramCase): Inputs => inputs ?? [{ json: null }];

const sourceOf = async (coordinator: ProductCoordinator, inputs: Inputs): Promise<object> => {
  if (typeof inputs === 'number') return { kind: 'range', start: 0, stop: inputs };
  const [first] = inputs;
  if (first !== undefined && 'bytes' in first) {
    if (inputs.length > 1) throw new Error('a case with bytes has one input');
    return { kind: 'records', blob: await put(coordinator, new Uint8Array(first.bytes)), bytes: first.bytes.length };
  }
  return { kind: 'list', items: inputs.map((input) => ('json' in input ? input.json : null)) };
};

const read = async <T>(coordinator: ProductCoordinator, path: string): Promise<T> =>
  (await (await coordinator.request('GET', path)).json()) as T;

/** Offers a case's program as a job whose units end with their first error. Gives its id, or why it was refused. */
export const offerCase = async (
  coordinator: ProductCoordinator,
  one: ProgramCase,
  params: AttackerUrls | null,
): Promise<string | (Ended & { kind: 'refused' })> => {
  const created = await coordinator.request('POST', '/v1/jobs', {
    name: one.name,
    program: await put(coordinator, bytesOf(one.program)),
    params,
    source: await sourceOf(coordinator, inputsOf(one)),
    policy: { kind: 'quorum', quorum: 1 },
    limits: {
      deadlineMs: one.deadlineMs ?? 20_000,
      resultBytes: one.resultBytes ?? 1024 * 1024,
      maxErrors: 1,
      // A cage that did not come up in time, or a browser that was too busy to answer, is no end of the program.
      maxAttempts: 3,
    },
  });
  const answer = (await created.json()) as { id: string; code?: string; detail?: string };
  if (created.ok) return answer.id;
  return { kind: 'refused', code: answer.code ?? String(created.status), detail: answer.detail ?? '' };
};

export const cancelJob = async (coordinator: ProductCoordinator, id: string, reason: string): Promise<void> =>
  void (await coordinator.request('POST', `/v1/jobs/${id}/cancel`, { reason }));

/** Offers a case's program as a job, and waits for its end. */
export const submitCase = async (
  coordinator: ProductCoordinator,
  one: ProgramCase,
  params: AttackerUrls | null,
): Promise<Ended> => {
  const id = await offerCase(coordinator, one, params);
  if (typeof id !== 'string') return id;
  const path = `/v1/jobs/${id}`;
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const { state } = await read<{ state: string }>(coordinator, path);
    if (state === 'completed') break;
    if (performance.now() > deadline) {
      await cancelJob(coordinator, id, 'it never ended');
      return { kind: 'stuck', state };
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  const { items } = await read<{ items: ({ unit: number } & UnitEnd)[] }>(coordinator, `${path}/results?limit=1000`);
  const inputs = inputsOf(one);
  const count = typeof inputs === 'number' ? inputs : inputs.length;
  const units: (UnitEnd | null)[] = Array.from({ length: count }, () => null);
  for (const { unit, ...end } of items) {
    units[unit] = end;
    if (end.error === undefined) continue;
    const facts = await read<{ items: Pick<UnitEnd, 'failure'>[] }>(coordinator, `${path}/units/${unit}/facts`);
    const failure = facts.items.findLast((fact) => fact.failure !== undefined)?.failure;
    if (failure !== undefined) end.failure = failure;
  }
  return { kind: 'units', units };
};
