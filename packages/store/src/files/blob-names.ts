import { existsSync, renameSync, utimesSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sha256 } from '@gossamer/protocol';
import { checkedHash } from '../blob-checks.ts';
import { asProblem } from './disk.ts';

/** Those who are giving one blob its name. */
interface Naming {
  count: number;
}

/**
 * The names of blobs in their directory. Between the rename and the fsync of its folders a file has its name, but a power cut
 * may take it: for so long, and where the disk refuses the fsync, the blob is not there.
 */
export class BlobNames {
  readonly #directory: string;
  readonly #syncDirectory: (directory: string) => Promise<void>;
  readonly #unsure = new Map<Sha256, Naming>();

  constructor(directory: string, syncDirectory: (directory: string) => Promise<void>) {
    this.#directory = directory;
    this.#syncDirectory = syncDirectory;
  }

  pathOf(hash: Sha256): string {
    return join(this.#folder(hash), hash.slice(2));
  }

  /** Whether a file of this name, where there is one, is on disk for good. */
  isSure(hash: Sha256): boolean {
    return !this.#unsure.has(hash);
  }

  /** Whether somebody is giving the blob its name just now. */
  isBusy(hash: Sha256): boolean {
    return (this.#unsure.get(hash)?.count ?? 0) > 0;
  }

  /** The file of this name has gone. */
  forget(hash: Sha256): void {
    this.#unsure.delete(hash);
  }

  /**
   * Gives a whole file that is on disk the name of a blob, for good; tells whether there was none. Where there was one, and
   * where the disk refuses, the file stays where it is.
   */
  async give(file: string, hash: Sha256): Promise<boolean> {
    await mkdir(this.#folder(hash), { recursive: true });
    // From here to the first fsync one turn: nobody else decides in it.
    if (this.isSure(hash) && existsSync(this.pathOf(hash))) {
      const now = new Date();
      utimesSync(this.pathOf(hash), now, now);
      await this.sync(hash);
      return false;
    }
    const naming = this.#unsure.get(hash) ?? { count: 0 };
    const isFirst = naming.count === 0;
    naming.count += 1;
    this.#unsure.set(hash, naming);
    try {
      renameSync(file, this.pathOf(hash));
      await this.sync(hash);
      this.#unsure.delete(hash);
      return isFirst;
    } catch (error) {
      naming.count -= 1;
      // Unless somebody else made it sure, or is about to.
      if (this.#unsure.get(hash) === naming && naming.count === 0) this.#takeBack(file, hash);
      throw error;
    }
  }

  /** Also where another upload made the name or the folder: that one may not have come to its fsync yet. */
  async sync(hash: Sha256): Promise<void> {
    try {
      await this.#syncDirectory(this.#folder(hash));
      await this.#syncDirectory(this.#directory);
    } catch (error) {
      throw asProblem(error);
    }
  }

  /** Nobody has seen it. What cannot be taken back remains unsure, and is named anew by the next upload, or collected. */
  #takeBack(file: string, hash: Sha256): void {
    try {
      if (existsSync(this.pathOf(hash))) renameSync(this.pathOf(hash), file);
      this.#unsure.delete(hash);
    } catch {
      // The first error says what is wrong with the disk.
    }
  }

  #folder(hash: Sha256): string {
    return join(this.#directory, checkedHash(hash).slice(0, 2));
  }
}
