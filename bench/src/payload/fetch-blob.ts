/** What a read of a blob gave. */
export interface Read {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** Reads blobs as a tab does. */
export class BlobReader {
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  async get(sha256: string, headers: Record<string, string> = {}): Promise<Read> {
    const response = await fetch(`http://127.0.0.1:${this.#port}/v1/blobs/${sha256}`, { headers });
    const body = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, body };
  }
}

/** The blob as a whole, with the headers that let a browser keep it for good. */
export const isWhole = ({ status, headers, body }: Read, sha256: string, size: number): boolean =>
  status === 200 &&
  body.byteLength === size &&
  headers.get('etag') === `"${sha256}"` &&
  headers.get('accept-ranges') === 'bytes' &&
  (headers.get('cache-control') ?? '').split(', ').includes('immutable');

/** Nothing but that what the device has is right. */
export const isUnchanged = ({ status, headers, body }: Read, sha256: string): boolean =>
  status === 304 && body.byteLength === 0 && headers.get('etag') === `"${sha256}"`;

/** The bytes from `start` up to, but without, `end` of the blob. */
export const isPart = ({ status, headers, body }: Read, whole: Uint8Array, start: number, end: number): boolean =>
  status === 206 &&
  headers.get('content-range') === `bytes ${start}-${end - 1}/${whole.byteLength}` &&
  Buffer.compare(body, whole.subarray(start, end)) === 0;
