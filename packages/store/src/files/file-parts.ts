import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Sha256 } from '@gossamer/protocol';
import { checkMatch, checkSize } from '../blob-checks.ts';
import type { BlobPart, BlobParts, PartKey } from '../blob-parts.ts';
import { asProblem, isMissing } from './disk.ts';
import { readFileRange } from './read-file-range.ts';
import { hashStream } from './write-temporary.ts';

/** `<hash>.<length>.<owner>`: all that there is to know of a part but its bytes, so that nothing besides need be written. */
const NAME = /^([0-9a-f]{64})\.(\d{1,16})\.([\w-]+)$/;

const nameOf = ({ owner, hash }: PartKey, length: number): string => `${hash}.${length}.${owner}`;

/** Parts of blobs as files: how far one came is how long its file is. */
export class FileParts implements BlobParts {
  readonly #directory: string;
  readonly #settle: (file: string, hash: Sha256) => Promise<boolean>;

  private constructor(directory: string, settle: (file: string, hash: Sha256) => Promise<boolean>) {
    this.#directory = directory;
    this.#settle = settle;
  }

  /** @param settle gives a whole file that is on disk the name of a blob; tells whether there was none of it */
  static async open(directory: string, settle: (file: string, hash: Sha256) => Promise<boolean>): Promise<FileParts> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return new FileParts(directory, settle);
  }

  async begin(key: PartKey, length: number): Promise<BlobPart> {
    const known = await this.find(key);
    if (known?.length === length) return known;
    if (known !== null) await this.drop(key);
    const name = nameOf(key, length);
    if (!NAME.test(name)) throw new Error(`the owner ${key.owner} makes no name of a file`);
    try {
      await (await open(join(this.#directory, name), 'a')).close();
    } catch (error) {
      throw asProblem(error);
    }
    return (await this.#read(name))!;
  }

  async find({ owner, hash }: PartKey): Promise<BlobPart | null> {
    for (const name of await readdir(this.#directory)) {
      const [, of, , whose] = NAME.exec(name) ?? [];
      if (of === hash && whose === owner) return this.#read(name);
    }
    return null;
  }

  async append(part: BlobPart, content: AsyncIterable<Uint8Array>): Promise<number> {
    const handle = await open(this.#pathOf(part), 'r+');
    let at = part.offset;
    try {
      for await (const chunk of content) {
        checkSize(at + chunk.byteLength, part.length);
        for (let done = 0; done < chunk.byteLength;) {
          const { bytesWritten } = await handle.write(chunk, done, chunk.byteLength - done, at + done);
          done += bytesWritten;
        }
        at += chunk.byteLength;
      }
      return at;
    } catch (error) {
      throw asProblem(error);
    } finally {
      await handle.close();
    }
  }

  async finish(part: BlobPart): Promise<{ size: number; created: boolean }> {
    const path = this.#pathOf(part);
    const bytes = readFileRange(path, { start: 0, end: part.length });
    const { size, digest } = await hashStream(bytes, part.length, async () => undefined);
    try {
      checkMatch(part.hash, digest);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    // What the disk refuses from here on it may take later: the bytes are right, and stay.
    try {
      const handle = await open(path, 'r+');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
      const created = await this.#settle(path, part.hash);
      await rm(path, { force: true });
      return { size, created };
    } catch (error) {
      throw asProblem(error);
    }
  }

  async drop(key: PartKey): Promise<void> {
    const part = await this.find(key);
    if (part !== null) await rm(this.#pathOf(part), { force: true });
  }

  async list(): Promise<BlobPart[]> {
    const parts = await Promise.all((await readdir(this.#directory)).map((name) => this.#read(name)));
    return parts.filter((part) => part !== null);
  }

  async #read(name: string): Promise<BlobPart | null> {
    const [, hash, length, owner] = NAME.exec(name) ?? [];
    if (hash === undefined) return null;
    try {
      const { size, mtimeMs } = await stat(join(this.#directory, name));
      return { owner: owner!, hash: Sha256.parse(hash), length: Number(length), offset: size, touchedAt: mtimeMs };
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  #pathOf(part: PartKey & { length: number }): string {
    return join(this.#directory, nameOf(part, part.length));
  }
}
