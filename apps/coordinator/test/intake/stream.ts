import type { InputsAppended, JobSpecInput, JobView, LeaseReport, StreamSource } from '@gossamer/protocol';
import type { Held } from '../harness/device.ts';
import { report } from '../harness/device.ts';
import { OPERATOR_KEY, type Rest } from '../harness/grid.ts';

const TYPES = { ndjson: 'application/x-ndjson', text: 'text/plain', packed: 'application/octet-stream' } as const;

/** A job whose inputs come while it runs. */
export const submitStream = (
  rest: Rest,
  format: StreamSource['format'] = 'ndjson',
  spec: Partial<JobSpecInput> = {},
): Promise<JobView> => rest.submit(0, { source: { kind: 'stream', format }, ...spec });

/** Sends inputs; the answer as it comes. */
export const send = (
  rest: Rest,
  id: string,
  first: number,
  content: string | Uint8Array,
  format: StreamSource['format'] = 'ndjson',
  key = OPERATOR_KEY,
): Promise<Response> => {
  const headers = { authorization: `Bearer ${key}`, 'content-type': TYPES[format] };
  const body = content as string | Uint8Array<ArrayBuffer>;
  return fetch(`${rest.url}/v1/jobs/${id}/inputs?first=${first}`, { method: 'POST', headers, body });
};

/** Sends inputs that must be taken; gives how many there are then. */
export const append = async (...args: Parameters<typeof send>): Promise<number> => {
  const response = await send(...args);
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return ((await response.json()) as InputsAppended).total;
};

export const close = (rest: Rest, id: string): Promise<JobView> => rest.json('POST', `/v1/jobs/${id}/inputs/close`);

/** Each unit's output is its input. */
export const echo = (lease: Held): LeaseReport => {
  const whole = report(lease);
  whole.attempts = whole.attempts.map((attempt, place) => {
    const input = lease.inputs[place]!;
    if (input.kind !== 'inline') throw new Error('the input is a blob');
    return { ...attempt, body: Uint8Array.from(input.body) };
  });
  return whole;
};
