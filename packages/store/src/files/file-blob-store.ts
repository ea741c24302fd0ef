import { hash as oneShot } from 'node:crypto';
import { statSync, unlinkSync } from 'node:fs';
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ProblemError, Sha256 } from '@gossamer/protocol';
import { checkedRange, checkMatch } from '../blob-checks.ts';
import type { BlobParts } from '../blob-parts.ts';
import type { BlobStore, ByteRange, StoredBlob } from '../blob-store.ts';
import { BlobNames } from './blob-names.ts';
import { asProblem, isMissing, syncDirectory } from './disk.ts';
import { FileParts } from './file-parts.ts';
import { readFileRange, readWholeRange } from './read-file-range.ts';
import { hashStream, writeTemporary, writeWhole } from './write-temporary.ts';

/**
 * Blobs as files, named by their hash: `ab/cdef...`. A file appears under its name only when it is whole and on disk.
 * Errors beside the contract's: ProblemError `storage-full` when there is no room, `request-invalid` for a name that
 * is no SHA-256.
 */
export class FileBlobStore implements BlobStore {
  readonly #directory: string;
  readonly #names: BlobNames;
  #parts: BlobParts | null = null;
  #temporaries = 0;

  private constructor(directory: string, sync: typeof syncDirectory) {
    this.#directory = directory;
    this.#names = new BlobNames(directory, sync);
  }

  get parts(): BlobParts {
    return this.#parts!;
  }

  /**
   * Opens a directory that nobody else writes to, and removes what an interrupted upload left there, but for parts.
   * @param sync makes the names within a directory durable
   */
  static async open(directory: string, sync = syncDirectory): Promise<FileBlobStore> {
    await rm(join(directory, 'tmp'), { recursive: true, force: true });
    await mkdir(join(directory, 'tmp'), { recursive: true, mode: 0o700 });
    await sync(dirname(directory));
    const store = new FileBlobStore(directory, sync);
    store.#parts = await FileParts.open(join(directory, 'parts'), (file, hash) => store.#names.give(file, hash));
    return store;
  }

  async putIfAbsent(
    hash: Sha256,
    content: AsyncIterable<Uint8Array>,
    limit = Infinity,
  ): Promise<{ size: number; created: boolean }> {
    if (await this.touch(hash)) {
      // The content is read nevertheless: a wrong one is refused whether or not the right one is there.
      const { size, digest } = await hashStream(content, limit, async () => undefined);
      checkMatch(hash, digest);
      await this.#names.sync(hash);
      return { size, created: false };
    }
    return this.#create(hash, async (temporary) => {
      const { size, digest } = await writeTemporary(temporary, content, limit);
      checkMatch(hash, digest);
      return size;
    });
  }

  async add(bytes: Uint8Array): Promise<Sha256> {
    const hash = Sha256.parse(oneShot('sha256', bytes));
    if (await this.touch(hash)) await this.#names.sync(hash);
    else await this.#create(hash, (temporary) => writeWhole(temporary, bytes));
    return hash;
  }

  async touch(hash: Sha256): Promise<boolean> {
    const now = new Date();
    try {
      await utimes(this.#names.pathOf(hash), now, now);
      return this.#names.isSure(hash);
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  async *list(): AsyncIterable<StoredBlob> {
    for (const folder of await readdir(this.#directory)) {
      if (!/^[0-9a-f]{2}$/.test(folder)) continue;
      for (const name of await readdir(join(this.#directory, folder))) {
        const hash = Sha256.safeParse(folder + name);
        if (!hash.success || this.#names.isBusy(hash.data)) continue;
        const known = statSync(this.#names.pathOf(hash.data), { throwIfNoEntry: false });
        if (known !== undefined) yield { hash: hash.data, size: known.size, storedAt: known.mtimeMs };
      }
    }
  }

  async remove(hash: Sha256, mayGo: (storedAt: number) => boolean): Promise<boolean> {
    // All of it in one turn: who asks whether the blob is there, before or after, gets an answer that stays true.
    const known = statSync(this.#names.pathOf(hash), { throwIfNoEntry: false });
    if (known === undefined || this.#names.isBusy(hash) || !mayGo(known.mtimeMs)) return false;
    unlinkSync(this.#names.pathOf(hash));
    this.#names.forget(hash);
    return true;
  }

  async stat(hash: Sha256): Promise<{ size: number } | null> {
    try {
      const { size } = await stat(this.#names.pathOf(hash));
      return this.#names.isSure(hash) ? { size } : null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async get(hash: Sha256, range?: ByteRange): Promise<AsyncIterable<Uint8Array> | null> {
    const known = await this.stat(hash);
    if (known === null) return null;
    return readFileRange(this.#names.pathOf(hash), checkedRange(range, known.size));
  }

  async read(hash: Sha256, range: ByteRange): Promise<Uint8Array> {
    const known = await this.stat(hash);
    if (known === null) throw new ProblemError('blob-unknown', hash);
    return readWholeRange(this.#names.pathOf(hash), checkedRange(range, known.size));
  }

  /** A new file by way of a temporary one, which `write` brings to the disk whole; nothing is left of it when that fails. */
  async #create(
    hash: Sha256,
    write: (temporary: string) => Promise<number>,
  ): Promise<{ size: number; created: boolean }> {
    this.#temporaries += 1;
    const temporary = join(this.#directory, 'tmp', `${this.#temporaries}`);
    try {
      const size = await write(temporary);
      return { size, created: await this.#names.give(temporary, hash) };
    } catch (error) {
      throw asProblem(error);
    } finally {
      await rm(temporary, { force: true });
    }
  }
}
