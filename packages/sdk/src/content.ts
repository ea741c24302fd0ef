import { sha256Of } from '@gossamer/program';
import type { Sha256 } from '@gossamer/protocol';

/** Bytes that can be read more than once: for their name, for the upload, and for its next try. */
export interface Content {
  sha256: Sha256;
  size: number;
  /** Bytes `from` up to, but without, `to`; all of them without. */
  open(from?: number, to?: number): BodyInit;
  /** Called when it is not needed any more. */
  release?(): Promise<void>;
}

export type Chunks = AsyncIterable<Uint8Array>;

/**
 * What may be uploaded; `{sha256}` names a blob that is there already. A function is asked when it is needed: in Node,
 * `file(path)` gives such a one.
 */
export type BlobSource = Uint8Array | ArrayBuffer | Blob | Chunks | AskedContent | { sha256: string };

/** Content that is asked for when it is needed; `path`: of its file, for those who read what is wrong with it. */
export type AskedContent = (() => Promise<Content>) & { readonly path?: string };

/** The path of the file that content comes from, where it is a file's. */
export const pathOf = (content: BlobSource | null): string | undefined =>
  typeof content === 'function' ? content.path : undefined;

export const bytesContent = async (bytes: Uint8Array): Promise<Content> => {
  const own = bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
  return { sha256: await sha256Of(own), size: own.byteLength, open: (from, to) => own.subarray(from, to) };
};

/** Gathers a stream in memory: where there is no disk, its name is known only at its end. */
export const gather = async (chunks: Chunks): Promise<Content> => {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.byteLength;
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytesContent(bytes);
};
