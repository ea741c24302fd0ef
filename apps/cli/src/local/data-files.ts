import { LIMITS, type ProgramKind } from '@gossamer/protocol';
import { open, stat } from 'node:fs/promises';
import { UsageError } from '../exit-code.ts';

/** A file that a program reads as shared data of this name. */
export interface DataFile {
  name: string;
  path: string;
  size: number;
}

/** The files of `--data`. Throws UsageError for one that is none, or where a wasm module would have too much. */
export const dataFiles = async (data: Record<string, string>, kind: ProgramKind): Promise<DataFile[]> => {
  const files: DataFile[] = [];
  for (const [name, path] of Object.entries(data)) {
    const found = await stat(path).catch(() => null);
    if (found === null || !found.isFile()) {
      throw new UsageError(
        found === null ? `--data ${name}: there is no file ${path}` : `--data ${name}: ${path} is no file`,
      );
    }
    files.push({ name, path, size: found.size });
  }
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (kind === 'wasm' && total > LIMITS.wasmData) {
    throw new UsageError(`a wasm module may have ${LIMITS.wasmData} bytes of shared data; these are ${total}`);
  }
  return files;
};

/** A part of a file: from byte `from` up to, but without, `to`. Throws where it is not there any more. */
export const readPart = async ({ path, size }: DataFile, from: number, to: number): Promise<Uint8Array> => {
  const inside = Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && from <= to && to <= size;
  if (!inside) throw new Error(`bytes ${from} to ${to} of ${path}, which has ${size}`);
  const bytes = new Uint8Array(to - from);
  const handle = await open(path, 'r');
  try {
    for (let at = from; at < to;) {
      const { bytesRead } = await handle.read(bytes, at - from, to - at, at);
      if (bytesRead === 0) throw new Error(`${path} has become shorter`);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
};
