import type { SourceMap } from '@gossamer/program';
import { readSourceMap, withSources } from '@gossamer/program';
import { lenientText, type Sha256 } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { Memo } from '../memo.ts';

/** Maps that are kept: people look at the failures of a few programs at a time. */
const MAPS = 8;
/** A larger one is not read, bytes: it takes the event loop some 10 ms a megabyte. */
const MAP_BYTES = 8 * 1024 * 1024;

/** Where the places of programs lie in their sources, by the source maps that came with jobs. */
export class SourceMaps {
  readonly #blobs: BlobStore;
  readonly #maps = new Memo<Sha256, SourceMap | null>(MAPS);

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  /** Tells of a stack where it lies in the sources; without a map that can be read it stays as it is. */
  async reader(name: Sha256 | null): Promise<(stack: string) => string> {
    const map = name === null ? null : await this.#maps.get(name, () => this.#read(name));
    return map === null ? (stack) => stack : (stack) => withSources(stack, map);
  }

  async #read(name: Sha256): Promise<SourceMap | null> {
    const stat = await this.#blobs.stat(name);
    if (stat === null || stat.size > MAP_BYTES) return null;
    return readSourceMap(lenientText(await this.#blobs.read(name, { start: 0, end: stat.size })));
  }
}
