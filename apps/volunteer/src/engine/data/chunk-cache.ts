/** Chunks of blobs as a device keeps them between leases, sessions and days. Nothing here ever rejects. */
export interface ChunkCache {
  /** null: it is not kept. */
  get(sha256: string, chunk: number): Promise<ArrayBuffer | null>;
  put(sha256: string, chunk: number, bytes: ArrayBuffer): Promise<void>;
}

const CHUNKS = 'chunks';
const BLOBS = 'blobs';
const NAME = 'gossamer-data';

/** What is kept of a blob: `bytes` of its chunks; `usedAt`, ms since 1970. */
interface KeptBlob {
  sha256: string;
  bytes: number;
  usedAt: number;
}

/** A blob's time of use is written anew when it is older than this, ms: reading costs no write each time. */
const FRESH_MS = 60_000;

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the database failed'));
  });

const committed = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('the database failed'));
  });

const open = async (): Promise<IDBDatabase> => {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(CHUNKS);
    request.result.createObjectStore(BLOBS, { keyPath: 'sha256' });
  };
  const database = await settled(request);
  // Whoever forgets this device deletes it, from another tab too.
  database.onversionchange = () => database.close();
  return database;
};

/** All chunks of a blob: arrays sort after numbers. */
const chunksOf = (sha256: string): IDBKeyRange => IDBKeyRange.bound([sha256], [sha256, []]);

/**
 * Chunks in IndexedDB, at most `mostBytes` of them: the blobs that nobody has read for longest go first, all of a blob
 * together. A full disk, or a browser that keeps nothing, makes it keep less: that is no error of anybody.
 */
export class DeviceChunks implements ChunkCache {
  readonly #mostBytes: () => Promise<number>;
  #database: Promise<IDBDatabase> | null = null;

  constructor(mostBytes: () => Promise<number>) {
    this.#mostBytes = mostBytes;
  }

  async get(sha256: string, chunk: number): Promise<ArrayBuffer | null> {
    try {
      const database = await this.#opened();
      const transaction = database.transaction([CHUNKS, BLOBS]);
      const [bytes, blob] = await Promise.all([
        settled<unknown>(transaction.objectStore(CHUNKS).get([sha256, chunk])),
        settled<KeptBlob | undefined>(transaction.objectStore(BLOBS).get(sha256)),
      ]);
      if (blob !== undefined && Date.now() - blob.usedAt > FRESH_MS) await this.#used(database, sha256);
      return bytes instanceof ArrayBuffer ? bytes : null;
    } catch {
      return null;
    }
  }

  async put(sha256: string, chunk: number, bytes: ArrayBuffer): Promise<void> {
    try {
      const database = await this.#opened();
      if (!(await this.#makeRoom(database, sha256, bytes.byteLength))) return;
      const transaction = database.transaction([CHUNKS, BLOBS], 'readwrite');
      const done = committed(transaction);
      const [chunks, blobs] = [transaction.objectStore(CHUNKS), transaction.objectStore(BLOBS)];
      const key = [sha256, chunk];
      const [had, blob] = await Promise.all([
        settled(chunks.count(key)),
        settled<KeptBlob | undefined>(blobs.get(sha256)),
      ]);
      chunks.put(bytes, key);
      const more = had > 0 ? 0 : bytes.byteLength;
      blobs.put({ sha256, bytes: (blob?.bytes ?? 0) + more, usedAt: Date.now() } satisfies KeptBlob);
      await done;
    } catch {
      // The disk is full, or there is none to write to.
    }
  }

  async #used(database: IDBDatabase, sha256: string): Promise<void> {
    const transaction = database.transaction(BLOBS, 'readwrite');
    const blobs = transaction.objectStore(BLOBS);
    const blob = await settled<KeptBlob | undefined>(blobs.get(sha256));
    if (blob !== undefined) blobs.put({ ...blob, usedAt: Date.now() });
  }

  /** False where the blob itself has all the room that there is. */
  async #makeRoom(database: IDBDatabase, sha256: string, more: number): Promise<boolean> {
    const most = await this.#mostBytes();
    const transaction = database.transaction([CHUNKS, BLOBS], 'readwrite');
    const done = committed(transaction);
    const kept = await settled<KeptBlob[]>(transaction.objectStore(BLOBS).getAll());
    let total = kept.reduce((sum, blob) => sum + blob.bytes, more);
    const others = kept.filter((blob) => blob.sha256 !== sha256).toSorted((a, b) => a.usedAt - b.usedAt);
    for (const blob of others) {
      if (total <= most) break;
      transaction.objectStore(CHUNKS).delete(chunksOf(blob.sha256));
      transaction.objectStore(BLOBS).delete(blob.sha256);
      total -= blob.bytes;
    }
    await done;
    return total <= most;
  }

  #opened(): Promise<IDBDatabase> {
    this.#database ??= open();
    this.#database.catch(() => (this.#database = null));
    return this.#database;
  }
}

/** Deletes all that is kept. Never rejects. */
export const forgetChunks = (): Promise<void> =>
  new Promise((resolve) => {
    try {
      const request = indexedDB.deleteDatabase(NAME);
      request.onsuccess = request.onerror = request.onblocked = () => resolve();
    } catch {
      resolve();
    }
  });
