import type {
  AttemptReport,
  LeaseReport,
  ResultEncoding,
  ResultPermit,
  ResultReceipt,
  Encoding,
  Sha256,
} from '@gossamer/protocol';
import { encodeResultBlob, ENCODING, EVENTS, inBlob, joinReceipt, resultOutcome } from '@gossamer/protocol';
import { createHash } from 'node:crypto';
import type { Held, TestDevice } from '../harness/device.ts';

export const MIB = 1024 * 1024;

/** Bytes that differ by `seed`, and are not alike within. */
export const bytesOf = (size: number, seed: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint32Array(Math.ceil(size / 4));
  let state = seed + 1;
  for (let at = 0; at < bytes.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state;
  }
  return new Uint8Array(bytes.buffer, 0, size);
};

export const nameOf = (bytes: Uint8Array): Sha256 => createHash('sha256').update(bytes).digest('hex') as Sha256;

export const offerOf = (lease: Held, bytes: Uint8Array, offset = 0) => ({
  epoch: lease.epoch,
  lease: lease.number,
  offset,
  sha256: nameOf(bytes),
  size: bytes.byteLength,
});

/** What a tab does with large results, on a real socket and by real requests. */
export const offer = async (device: TestDevice, lease: Held, bytes: Uint8Array, offset = 0): Promise<string> =>
  ((await device.ask(EVENTS.offer, offerOf(lease, bytes, offset))) as ResultPermit).permit;

export const put = (
  url: string,
  permit: string,
  sha256: string,
  body: BodyInit,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${url}/v1/results/${sha256}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${permit}`, 'content-type': 'application/octet-stream', ...headers },
    body,
    duplex: 'half',
  } as RequestInit);

/** Offers and sends; gives the receipt. */
export const send = async (
  url: string,
  device: TestDevice,
  lease: Held,
  bytes: Uint8Array<ArrayBuffer>,
  offset = 0,
): Promise<ResultReceipt> => {
  const permit = await offer(device, lease, bytes, offset);
  const response = await put(url, permit, nameOf(bytes), bytes);
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return (await response.json()) as ResultReceipt;
};

/** The report of a large result, with the receipt for it. */
export const large = (
  { sha256, size, receipt }: ResultReceipt,
  { offset = 0, encoding = ENCODING.bytes }: { offset?: number; encoding?: Encoding } = {},
): AttemptReport => {
  const told: ResultEncoding = inBlob(encoding);
  const body = joinReceipt(encodeResultBlob({ sha256, size }), Buffer.from(receipt, 'base64'));
  return { offset, outcome: resultOutcome(told), runMs: 5, body };
};

export const reportOf = (lease: Held, attempts: AttemptReport[], withTicket = false): LeaseReport => ({
  lease: { epoch: lease.epoch, number: lease.number },
  ticket: withTicket ? lease.ticket : new Uint8Array(0),
  attempts,
});

/** The whole way of one large result of a lease of one unit. */
export const deliver = async (
  url: string,
  device: TestDevice,
  lease: Held,
  bytes: Uint8Array<ArrayBuffer>,
  encoding: Encoding = ENCODING.bytes,
): Promise<ResultReceipt> => {
  const receipt = await send(url, device, lease, bytes);
  await device.exchange({ slots: 0, reports: [reportOf(lease, [large(receipt, { encoding })])] });
  return receipt;
};
