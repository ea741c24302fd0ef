import { ProblemError, Sha256 } from '@gossamer/protocol';
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Uploads in pieces, as the coordinator takes them; what came before a break stays. */
export class FakeUploads {
  readonly #blobs: Map<string, Buffer>;
  readonly #parts = new Map<string, { length: number; chunks: Buffer[]; offset: number }>();

  /** How often what is complete cannot be made a blob, as on a full disk. */
  refusals = 0;

  constructor(blobs: Map<string, Buffer>) {
    this.#blobs = blobs;
  }

  async answer(request: IncomingMessage, response: ServerResponse, name: string | undefined): Promise<void> {
    if (request.method === 'POST') return this.#begin(request, response);
    const part = this.#parts.get(name ?? '');
    if (part === undefined) throw new ProblemError('upload-unknown');
    if (Number(request.headers['upload-offset']) !== part.offset) throw new ProblemError('upload-offset');
    for await (const chunk of request) {
      part.chunks.push(chunk as Buffer);
      part.offset += (chunk as Buffer).byteLength;
    }
    if (part.offset === part.length) {
      if (this.refusals-- > 0) throw new ProblemError('storage-full');
      this.#parts.delete(name!);
      const bytes = Buffer.concat(part.chunks);
      if (createHash('sha256').update(bytes).digest('hex') !== name) throw new ProblemError('blob-mismatch');
      this.#blobs.set(name, bytes);
    }
    response.writeHead(204, { 'upload-offset': part.offset }).end();
  }

  #begin(request: IncomingMessage, response: ServerResponse): void {
    const [, encoded = ''] = /sha256 (\S+)/.exec(String(request.headers['upload-metadata'])) ?? [];
    const sha256 = Sha256.parse(Buffer.from(encoded, 'base64').toString());
    const part = this.#parts.get(sha256) ?? { length: Number(request.headers['upload-length']), chunks: [], offset: 0 };
    this.#parts.set(sha256, part);
    response.writeHead(201, { location: `/v1/uploads/${sha256}`, 'upload-offset': part.offset }).end();
  }
}
