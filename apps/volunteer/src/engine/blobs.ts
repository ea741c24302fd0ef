/** The bytes of a blob did not come, or are not those of its name. */
export class BlobError extends Error {
  override readonly name = 'BlobError';
}

/** What came is not what its name says: it was changed on the way, or where it is kept. */
export class BlobMismatch extends BlobError {}

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const TRIES = 3;
const FIRST_WAIT_MS = 500;

const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });

const fetchOnce = async (
  sha256: string,
  size: number,
  cache: RequestCache,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> => {
  const response = await fetch(`/v1/blobs/${sha256}`, { signal, cache, credentials: 'omit' });
  if (!response.ok) throw new BlobError(`blob ${sha256.slice(0, 12)}: the coordinator answered ${response.status}`);
  const body = new Uint8Array(await response.arrayBuffer());
  if (body.byteLength !== size)
    throw new BlobMismatch(`blob ${sha256.slice(0, 12)} has ${body.byteLength} bytes, not ${size}`);
  const digest = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', body)));
  if (digest !== sha256) throw new BlobMismatch(`blob ${sha256.slice(0, 12)} has other content than its name says`);
  return body;
};

/** Tries three times, the first time with what the browser's cache has; throws BlobError, or as `signal` says. */
const tryThrice = async <Value>(
  sha256: string,
  once: (cache: RequestCache) => Promise<Value>,
  signal: AbortSignal,
): Promise<Value> => {
  for (let attempt = 1; ; attempt++) {
    try {
      // Blobs are kept for ever by the browser's cache, and so is one that came wrong: a further try asks past it.
      return await once(attempt === 1 ? 'default' : 'reload');
    } catch (error) {
      signal.throwIfAborted();
      if (attempt === TRIES)
        throw error instanceof BlobError ? error : new BlobError(`blob ${sha256.slice(0, 12)}: ${String(error)}`);
    }
    await wait(FIRST_WAIT_MS * 2 ** (attempt - 1) * (0.5 + Math.random()), signal);
    signal.throwIfAborted();
  }
};

/** Fetches a blob by its name and checks its content against it. Three tries; throws BlobError, or as `signal` says. */
export const fetchBlob = (sha256: string, size: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> =>
  tryThrice(sha256, (cache) => fetchOnce(sha256, size, cache, signal), signal);

/** Bytes `from` up to, but without, `to` of the `of` that a blob has. */
export interface BlobPart {
  from: number;
  to: number;
  of: number;
}

const fetchPartOnce = async (sha256: string, { from, to, of }: BlobPart): Promise<ArrayBuffer> => {
  const name = `blob ${sha256.slice(0, 12)}`;
  // Past the browser's cache: parts are kept by who asks for them.
  const init = { cache: 'no-store', credentials: 'omit', headers: { range: `bytes=${from}-${to - 1}` } } as const;
  const response = await fetch(`/v1/blobs/${sha256}`, init);
  if (!response.ok) throw new BlobError(`${name}: the coordinator answered ${response.status}`);
  if (response.status !== 206 && to - from !== of) {
    await response.body?.cancel();
    throw new BlobError(`${name}: a part was asked for, and something on the way answers with all of it`);
  }
  const body = await response.arrayBuffer();
  if (body.byteLength === to - from) return body;
  throw new BlobMismatch(`${name}: a part of ${to - from} bytes came with ${body.byteLength}`);
};

/**
 * Fetches a part of a blob; `checked` makes of it what is wanted, or throws BlobMismatch. Three tries; throws BlobError.
 */
export const fetchPart = <Value>(
  sha256: string,
  part: BlobPart,
  checked: (bytes: ArrayBuffer) => Promise<Value>,
): Promise<Value> =>
  tryThrice(sha256, async () => checked(await fetchPartOnce(sha256, part)), new AbortController().signal);
