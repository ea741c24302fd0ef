import { FrameReader } from '@gossamer/protocol';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that are in use, after what is not has been collected. */
export const bytesInUse = (): number => {
  collect();
  collect();
  return allocated();
};

const allocated = (): number => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/**
 * Bytes that `work` allocates, whether it keeps them or not. What is collected meanwhile is missing: some megabytes of
 * small garbage at the most, and rarely.
 */
export const bytesAllocated = (work: () => void): number => {
  const before = allocated();
  work();
  return allocated() - before;
};

const READS = ['u8', 'u16', 'u32', 'integer', 'raw'] as const;

/** Counts every read of a frame by every reader, until it is stopped. */
export const countReads = (): { take(): number; stop(): void } => {
  let reads = 0;
  const prototype = FrameReader.prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
  const originals = READS.map((name) => prototype[name]!);
  for (const [at, name] of READS.entries()) {
    prototype[name] = function counted(this: FrameReader, ...args: unknown[]) {
      reads += 1;
      return originals[at]!.apply(this, args);
    };
  }
  return {
    take() {
      const taken = reads;
      reads = 0;
      return taken;
    },
    stop() {
      for (const [at, name] of READS.entries()) prototype[name] = originals[at]!;
    },
  };
};

/** How many objects, entries of lists and fields a value has; bytes count as one, and must be views of `frame`. */
export const partsOf = (value: unknown, frame: Uint8Array): number => {
  if (typeof value !== 'object' || value === null) return 1;
  if (value instanceof Uint8Array) {
    if (value.buffer !== frame.buffer) throw new Error('the bytes were copied');
    return 1;
  }
  return Object.values(value).reduce((sum: number, part) => sum + partsOf(part, frame), 1);
};
