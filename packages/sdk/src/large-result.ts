import { type ElementType, type ResultBlobView, typedArrayOf } from '@gossamer/protocol';
import { errorOf } from './error-kinds.ts';
import { type Transport, unreadable } from './transport.ts';
import { wholeBody } from './whole-body.ts';

interface Signalled {
  signal?: AbortSignal;
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** A result of over 1 MiB, which is read when it is asked for; nothing of it is kept here. */
export class LargeResult<Out = unknown> {
  /** The SHA-256 of its bytes: its name as a blob. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** Whether the program returned JSON, or bytes. */
  readonly encoding: 'json' | 'bytes';
  /** Of a typed array: the type of its elements, which are little-endian. */
  readonly type: ElementType | undefined;
  readonly #transport: Transport;

  constructor(transport: Transport, { sha256, bytes, encoding }: ResultBlobView, type: ElementType | undefined) {
    this.#transport = transport;
    this.sha256 = sha256;
    this.size = bytes;
    this.encoding = encoding;
    this.type = type;
  }

  /** Its bytes as they come, unchecked; the stream ends with an error where it does not come whole. */
  async stream({ signal }: Signalled = {}): Promise<ReadableStream<Uint8Array>> {
    return wholeBody(await this.#open(0, signal), 'the result', signal);
  }

  /** All of its bytes, held against its SHA-256. A lost connection, or a restart of the coordinator, is waited for. */
  async bytes({ signal }: Signalled = {}): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(this.size);
    const patience = this.#transport.patience(signal);
    for (let at = 0; at < this.size;) {
      try {
        const body = wholeBody(await this.#open(at, signal), 'the result', signal);
        for await (const chunk of body) {
          if (at + chunk.byteLength > this.size) throw this.#changed();
          bytes.set(chunk, at);
          at += chunk.byteLength;
          patience.succeeded();
        }
        if (at < this.size) throw errorOf('unreachable', 'the result did not come whole');
      } catch (error) {
        await patience.failed(error);
      }
    }
    const digest = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
    if (digest !== this.sha256) throw this.#changed();
    return bytes;
  }

  /**
   * What the program returned: JSON, the typed array, or a Uint8Array for other bytes. Bytes that call themselves JSON and are
   * none, as a device may send, are given as bytes, like those of a small result.
   */
  async value(options: Signalled = {}): Promise<Out> {
    const bytes = await this.bytes(options);
    if (this.type !== undefined) return typedArrayOf(this.type, bytes) as Out;
    if (this.encoding === 'bytes') return bytes as Out;
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Out;
    } catch {
      return bytes as Out;
    }
  }

  async #open(from: number, signal: AbortSignal | undefined): Promise<Response> {
    const headers: Record<string, string> = from === 0 ? {} : { range: `bytes=${from}-` };
    const response = await this.#transport.send({ path: `/v1/blobs/${this.sha256}`, headers, signal, once: true });
    if (from === 0 || response.status === 206) return response;
    await response.body?.cancel();
    throw unreadable('a part of a result was asked for, and something on the way answers with all of it');
  }

  #changed() {
    return unreadable(`what came as the result ${this.sha256.slice(0, 12)} is something else`);
  }
}
