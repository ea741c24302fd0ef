import type { KeyId, Sha256 } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import type { BlobPart, BlobParts, PartKey } from '@gossamer/store';
import type { Caller } from '../caller.ts';
import type { GridUploads, Piece, UploadState } from '../grid-uploads.ts';
import type { BlobLedger } from './blob-ledger.ts';
import type { Quotas } from './quotas.ts';
import { Turns } from './turns.ts';

interface Parts {
  parts: BlobParts;
  /** Has a blob count as uploaded now; false where there is none. */
  touch: (hash: Sha256) => Promise<boolean>;
  ledger: Pick<BlobLedger, 'has' | 'sizeOf' | 'uploaded'>;
  quotas: Pick<Quotas, 'admitUpload' | 'holdUpload'>;
}

const idOf = ({ owner, hash }: PartKey): string => `${owner} ${hash}`;

/**
 * Uploads that go on where they broke off. Each is one key's, of one blob, so that a client that lost all it knew finds its
 * own again by the blob's name. Room for all of it is taken from the quota when it begins. Whoever comes with more bytes
 * cuts a request that still waits for some: it is most likely that of a client, or a connection, that is dead.
 */
export class Uploads implements GridUploads {
  readonly #parts: Parts;
  readonly #turns = new Turns();
  /** The room that each takes, bytes, and what lets go of it. */
  readonly #holds = new Map<string, { bytes: number; letGo: () => void }>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Takes room for what an earlier start has left. */
  async recover(): Promise<void> {
    for (const part of await this.#parts.parts.list()) this.#hold(part);
  }

  async begin({ key }: Caller, hash: Sha256, length: number): Promise<UploadState> {
    const { parts, touch, ledger, quotas } = this.#parts;
    const part = { owner: key, hash };
    return this.#turns.take(idOf(part), null, async () => {
      const known = await parts.find(part);
      if (known?.length === length) return known;
      // Whoever waited here for the last bytes of another request need not send them all again.
      const complete = this.#complete(part);
      if (complete?.length === length && (await touch(hash))) return complete;
      // One of another length is replaced, and its room is this one's; where this one is refused it stays, and is counted.
      const own = this.#holds.get(idOf(part))?.bytes ?? 0;
      if (!ledger.has(key, hash)) quotas.admitUpload(key, Math.max(0, length - own));
      const begun = await parts.begin(part, length);
      this.#hold(begun);
      return begun;
    });
  }

  /** One that is complete, for its key has the blob, says so. */
  async find({ key }: Caller, hash: Sha256): Promise<UploadState> {
    const part = { owner: key, hash };
    return (await this.#parts.parts.find(part)) ?? this.#complete(part) ?? this.#found(part);
  }

  async append({ key }: Caller, hash: Sha256, { offset, content, declared, cut }: Piece): Promise<UploadState> {
    const { parts, ledger, quotas } = this.#parts;
    const part = { owner: key, hash };
    return this.#turns.take(idOf(part), cut, async () => {
      const complete = (await parts.find(part)) === null ? this.#complete(part) : null;
      if (complete !== null && offset === complete.offset && (declared ?? 0) === 0) return complete;
      if (complete !== null) throw wrongOffset(offset, complete.offset);
      const known = await this.#found(part);
      if (offset !== known.offset) throw wrongOffset(offset, known.offset);
      const left = known.length - offset;
      if ((declared ?? 0) > left) throw new ProblemError('body-too-large', `${left} bytes are still to come`);
      quotas.admitUpload(key, 0);
      const reached = await parts.append(known, content);
      if (reached < known.length) return { ...known, offset: reached };
      try {
        const { size } = await parts.finish(known);
        ledger.uploaded(key, hash, size);
      } catch (error) {
        // What the disk would not take is still there, and is finished by whoever goes on at its end.
        if ((await parts.find(part)) === null) this.#letGo(part);
        throw error;
      }
      this.#letGo(part);
      return { ...known, offset: reached };
    });
  }

  async drop({ key }: Caller, hash: Sha256): Promise<void> {
    const part = { owner: key, hash };
    await this.#turns.take(idOf(part), null, async () => {
      await this.#found(part);
      await this.#remove(part);
    });
  }

  /** Removes those to which nothing was added for long. */
  async collect(isOld: (touchedAt: number) => boolean): Promise<void> {
    const { parts } = this.#parts;
    for (const { owner, hash, touchedAt } of await parts.list()) {
      const id = idOf({ owner, hash });
      if (!isOld(touchedAt) || this.#turns.isTaken(id)) continue;
      await this.#turns.take(id, null, async () => {
        // It may have grown, or be another one, since it was listed.
        const now = await parts.find({ owner, hash });
        if (now !== null && isOld(now.touchedAt)) await this.#remove({ owner, hash });
      });
    }
  }

  async #remove(part: PartKey): Promise<void> {
    await this.#parts.parts.drop(part);
    this.#letGo(part);
  }

  /** Of an upload whose key has the blob; null where it has none. */
  #complete({ owner, hash }: PartKey): UploadState | null {
    const { ledger } = this.#parts;
    const length = ledger.has(owner as KeyId, hash) ? ledger.sizeOf(hash) : null;
    return length === null ? null : { length, offset: length };
  }

  async #found(part: PartKey): Promise<BlobPart> {
    const found = await this.#parts.parts.find(part);
    if (found !== null) return found;
    throw new ProblemError('upload-unknown', 'it was never begun by this key, is complete, or was given up');
  }

  #hold(part: BlobPart): void {
    const { ledger, quotas } = this.#parts;
    const owner = part.owner as KeyId;
    this.#letGo(part);
    const bytes = ledger.has(owner, part.hash) ? 0 : part.length;
    this.#holds.set(idOf(part), { bytes, letGo: quotas.holdUpload(owner, bytes) });
  }

  #letGo(part: PartKey): void {
    this.#holds.get(idOf(part))?.letGo();
    this.#holds.delete(idOf(part));
  }
}

const wrongOffset = (asked: number, reached: number): ProblemError =>
  new ProblemError(
    'upload-offset',
    `it has ${reached} bytes, and this request begins at byte ${asked}: ask for its state by HEAD, and go on there`,
  );
