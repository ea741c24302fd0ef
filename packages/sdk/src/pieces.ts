import type { Content } from './content.ts';
import { GossamerError } from './error.ts';
import type { Transport } from './transport.ts';
import { unreadable } from './transport.ts';

/** How far an upload is, bytes. */
export interface UploadProgress {
  sent: number;
  size: number;
}

export interface PiecesOptions {
  signal: AbortSignal | undefined;
  onProgress: ((progress: UploadProgress) => void) | undefined;
}

/** One request carries so many bytes: proxies bound bodies, and what is on the way when a connection breaks may be lost. */
const PIECE = 8 * 1024 * 1024;

const VERSION = { 'tus-resumable': '1.0.0' };

const offsetOf = (response: Response, path: string, size: number): number => {
  const text = response.headers.get('upload-offset') ?? '';
  const offset = Number(text);
  if (/^\d+$/.test(text) && offset <= size) return offset;
  throw unreadable(`${path} did not say how far the upload has come`, response.status);
};

/** Whether the state of the upload is to be asked for: another request has added to it, or it was given up meanwhile. */
const isElsewhere = (error: unknown): boolean =>
  error instanceof GossamerError && (error.code === 'upload-offset' || error.code === 'upload-unknown');

/**
 * Uploads by the tus protocol (creation, then pieces). It is found again by its name, so that nothing need be kept here:
 * whoever begins it once more goes on. After an error that waiting mends the coordinator is asked how far it came.
 */
export const uploadInPieces = async (
  transport: Transport,
  content: Content,
  { signal, onProgress }: PiecesOptions,
): Promise<void> => {
  const { sha256, size } = content;
  const path = `/v1/uploads/${sha256}`;
  const patience = transport.patience(signal);
  const begin = async (): Promise<number> => {
    const headers = { ...VERSION, 'upload-length': String(size), 'upload-metadata': `sha256 ${btoa(sha256)}` };
    return offsetOf(await transport.send({ method: 'POST', path: '/v1/uploads', headers, signal }), path, size);
  };
  /** What was sent last may have made the blob, and its answer been lost. */
  const isThere = async (): Promise<boolean> => {
    try {
      const response = await transport.send({ method: 'HEAD', path: `/v1/blobs/${sha256}`, signal });
      return Number(response.headers.get('content-length')) === size;
    } catch (error) {
      if (error instanceof GossamerError && error.status === 404) return false;
      throw error;
    }
  };

  let offset = await begin();
  for (;;) {
    onProgress?.({ sent: offset, size });
    // Complete: it is the blob, or what comes without bytes makes it one.
    if (offset === size && (await isThere())) return;
    const [from, to] = [offset, Math.min(size, offset + PIECE)];
    const headers = {
      ...VERSION,
      'content-type': 'application/offset+octet-stream',
      'upload-offset': String(from),
    };
    try {
      const body = (): BodyInit => content.open(from, to);
      const response = await transport.send({ method: 'PATCH', path, headers, body, signal, once: true });
      offset = offsetOf(response, path, size);
      if (offset > from || offset === size) patience.succeeded();
      if (offset !== size) continue;
      onProgress?.({ sent: size, size });
      return;
    } catch (error) {
      if (!isElsewhere(error)) await patience.failed(error);
      if (await isThere()) {
        onProgress?.({ sent: size, size });
        return;
      }
      offset = await begin();
      // Bytes that came although their answer did not.
      if (offset > from) patience.succeeded();
      else if (offset === from && isElsewhere(error)) throw error;
    }
  }
};
