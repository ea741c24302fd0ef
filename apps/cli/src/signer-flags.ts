import { ProgramSignature } from '@gossamer/protocol';
import type { MapOptions } from '@gossamer/sdk/node';
import { readSignerFile } from '@gossamer/sdk/node';
import { type Command, Option } from 'commander';
import { readFile } from 'node:fs/promises';
import { UsageError } from './exit-code.ts';
import { signerPath } from './signer-path.ts';

/** With which key a job's program is signed. */
export interface SignerFlags {
  signer?: string;
  signature?: string;
}

export const addSignerFlags = (command: Command): Command =>
  command
    .addOption(new Option('--signer <name>', 'sign the program with this key').env('GOSSAMER_SIGNER'))
    .option('--signature <file>', 'what `gossamer programs sign` has printed, in place of a key');

export const signerOptions = async ({
  signer,
  signature,
}: SignerFlags): Promise<Pick<MapOptions, 'signer' | 'signature'>> => {
  if (signature !== undefined) return { signature: await readSignature(signature) };
  if (signer === undefined || signer === '') return {};
  return { signer: (await readSignerFile(signerPath(signer))).signer };
};

const readSignature = async (path: string): Promise<ProgramSignature> => {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new UsageError(`there is no file ${path}`);
  });
  try {
    return ProgramSignature.parse(JSON.parse(text));
  } catch {
    throw new UsageError(`${path} is no signature; \`gossamer programs sign FILE\` prints one`);
  }
};
