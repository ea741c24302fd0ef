import { Gossamer as WebGossamer, type GossamerOptions } from '../index.ts';
import { file } from './file.ts';
import { prepareProgram } from './program.ts';
import { spool } from './spool.ts';

export * from '../index.ts';
export { file } from './file.ts';
export { requireProgramFile } from './program-file.ts';
export { type StoredSigner, createSignerFile, readSignerFile, replaceSignerFile } from './signer-file.ts';

/** The client for Node: programs may be paths (from the working directory) or file: URLs, and streams go by disk. */
export class Gossamer extends WebGossamer {
  constructor(options: GossamerOptions) {
    super(options, { program: prepareProgram, file, spool });
  }
}
