import { BlobView, Sha256 } from '@gossamer/protocol';
import { type BlobSource, type Content, bytesContent } from './content.ts';
import { GossamerError } from './error.ts';
import { errorOf } from './error-kinds.ts';
import type { Signalled } from './pages.ts';
import type { Platform } from './platform.ts';
import { type UploadProgress, uploadInPieces } from './pieces.ts';
import type { Transport } from './transport.ts';
import { wholeBody } from './whole-body.ts';

/** From this size on it is worth asking first whether the blob is there already, bytes. */
const ASK_FIRST = 256 * 1024;

/** From this size on it goes up in pieces, so that one that broke off goes on where it stopped, bytes. */
const IN_PIECES = 16 * 1024 * 1024;

export interface PutOptions {
  signal?: AbortSignal;
  /** Told of large uploads, and of small ones when they are over. */
  onProgress?: (progress: UploadProgress) => void;
}

/** Blobs by content address: uploaded once, immutable. */
export class Blobs {
  readonly #transport: Transport;
  readonly #platform: Platform;

  constructor(transport: Transport, platform: Platform) {
    this.#transport = transport;
    this.#platform = platform;
  }

  /**
   * Uploads, unless it is there; gives its name and size. A small upload that broke off is begun again; a large one goes on
   * where it stopped, also when it is called again after this process, or the coordinator's, was killed.
   */
  async put(source: BlobSource, options: PutOptions = {}): Promise<BlobView> {
    const { signal } = options;
    if ('sha256' in source) return this.#known(source.sha256, signal);
    const content = await this.#contentOf(source);
    try {
      return await this.#upload(content, options);
    } finally {
      await content.release?.();
    }
  }

  /** Its size, or null where there is none of that name. */
  async size(sha256: string, { signal }: Signalled = {}): Promise<number | null> {
    try {
      const response = await this.#transport.send({ method: 'HEAD', path: pathOf(sha256), signal });
      return Number(response.headers.get('content-length'));
    } catch (error) {
      if (error instanceof GossamerError && error.status === 404) return null;
      throw error;
    }
  }

  /** Its bytes as a stream, which ends with an error where it does not come whole. */
  async get(sha256: string, { signal }: Signalled = {}): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#transport.send({ path: pathOf(sha256), signal });
    return wholeBody(response, 'the blob', signal);
  }

  async #upload(content: Content, { signal, onProgress }: PutOptions): Promise<BlobView> {
    const { sha256, size } = content;
    const whole = { sent: size, size };
    if (size >= ASK_FIRST && (await this.size(sha256, signal === undefined ? {} : { signal })) === size) {
      onProgress?.(whole);
      return { sha256, size };
    }
    if (size >= IN_PIECES) {
      await uploadInPieces(this.#transport, content, { signal, onProgress });
      return { sha256, size };
    }
    const put = { method: 'PUT', path: pathOf(sha256), body: () => content.open(), signal } as const;
    const view = await this.#transport.json(BlobView, put);
    onProgress?.(whole);
    return view;
  }

  async #known(sha256: string, signal: AbortSignal | undefined): Promise<BlobView> {
    const size = await this.size(sha256, signal === undefined ? {} : { signal });
    if (size === null) throw errorOf('blob-unknown', `there is no blob ${sha256}`);
    return { sha256: sha256 as Sha256, size };
  }

  async #contentOf(given: Exclude<BlobSource, { sha256: string }>): Promise<Content> {
    if (given instanceof Uint8Array) return bytesContent(given);
    if (given instanceof ArrayBuffer) return bytesContent(new Uint8Array(given));
    if (given instanceof Blob) return bytesContent(new Uint8Array(await given.arrayBuffer()));
    if (typeof given === 'function') return given();
    return this.#platform.spool(given);
  }
}

const pathOf = (sha256: string): string => {
  if (Sha256.safeParse(sha256).success) return `/v1/blobs/${sha256}`;
  throw errorOf('usage', `"${sha256}" is no name of a blob; expected 64 lower-case hexadecimal digits`);
};
