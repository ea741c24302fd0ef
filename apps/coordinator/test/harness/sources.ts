import type { SourceInput } from '@gossamer/protocol';
import { ENCODING, Sha256, Source } from '@gossamer/protocol';
import { MemoryBlobStore } from '@gossamer/store';
import { createHash } from 'node:crypto';
import { openWithInput } from './open.ts';

/** Sources over blobs in memory. */
export class TestSources {
  readonly blobs = new MemoryBlobStore();

  /** Stores a text or bytes, which arrive in chunks of so many bytes. */
  readonly put = async (content: string | Uint8Array, chunk = 7): Promise<Sha256> => {
    const bytes = Buffer.from(content);
    const hash = Sha256.parse(createHash('sha256').update(bytes).digest('hex'));
    const chunks = async function* () {
      for (let at = 0; at < bytes.byteLength; at += chunk) yield bytes.subarray(at, at + chunk);
    };
    await this.blobs.putIfAbsent(hash, chunks());
    return hash;
  };

  readonly open = (source: SourceInput) => openWithInput(Source.parse(source), this.blobs);

  /** Every input, parsed. */
  readonly inputs = async (source: SourceInput): Promise<unknown[]> => {
    const { total, input } = await this.open(source);
    const read = async (_: unknown, index: number) => {
      const made = await input(index);
      if (made.kind !== 'inline' || made.encoding !== ENCODING.json) throw new Error('expected inline JSON');
      return JSON.parse(Buffer.from(made.body).toString());
    };
    return Promise.all(Array.from({ length: total }, read));
  };
}
