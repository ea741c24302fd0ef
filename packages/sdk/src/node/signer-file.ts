import { SignedName, SigningKey } from '@gossamer/protocol';
import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Signer } from '../index.ts';
import { errorOf } from '../error-kinds.ts';

/** What a signer's file holds. `seed`: the private half, 32 bytes, base64url. */
const SignerFile = z.strictObject({
  name: SignedName.max(100),
  key: SigningKey,
  seed: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});

export interface StoredSigner {
  name: string;
  signer: Signer;
}

/** Bits of a file's mode that let others than its owner read or write it. */
const OTHERS = 0o077;

// The bundler lives in the same package, and is loaded only when it is needed.
const ed25519 = () => import('@gossamer/program/node');

/** Makes a signing key and keeps it in a file that only its owner can read. Throws GossamerError `usage` where there is one. */
export const createSignerFile = async (path: string, name: string): Promise<StoredSigner> => {
  if (!SignerFile.shape.name.safeParse(name).success) {
    throw errorOf('usage', `"${name}" is no name of a signer: one line of 1 to 100 characters`);
  }
  const { makeKeyPair, signerOf } = await ed25519();
  const pair = makeKeyPair();
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await writeFile(path, `${JSON.stringify({ name, ...pair }, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw errorOf('usage', `there is a signer in ${path} already`, { cause: error });
  }
  // The mode of a new file is what the process's mask leaves of it; this one is exact.
  await chmod(path, 0o600);
  return { name, signer: signerOf(pair) };
};

/** Reads a signer. Throws GossamerError `usage` where there is none, or where others could have read it. */
export const readSignerFile = async (path: string): Promise<StoredSigner> => {
  const found = await stat(path).catch(() => null);
  if (found === null) throw errorOf('usage', `there is no signer in ${path}; \`gossamer signers create\` makes one`);
  if (process.platform !== 'win32' && (found.mode & OTHERS) !== 0) {
    throw errorOf('usage', `${path} can be read by others: chmod 600 it, or make another key`);
  }
  const read = SignerFile.safeParse(parsed(await readFile(path, 'utf8')));
  if (!read.success) throw errorOf('usage', `${path} is no file of a signer`);
  const { name, key, seed } = read.data;
  const { signerOf } = await ed25519();
  return { name, signer: signerOf({ key, seed }) };
};

/** The file of a signer that another one has succeeded: it is kept beside the new one. */
export const replaceSignerFile = async (path: string, next: string, before: Signer): Promise<string> => {
  const kept = path.replace(/\.json$/, `.before-${before.key.slice(0, 8)}.json`);
  await rename(path, kept);
  await rename(next, path);
  return kept;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
