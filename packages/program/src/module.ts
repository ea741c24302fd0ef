import type { Sha256 } from '@gossamer/protocol';
import { sha256Of } from './sha256.ts';

/** A program ready to travel. */
export interface ProgramModule {
  /** The SHA-256 of its bytes: its name. */
  sha256: Sha256;
  size: number;
  /** One self-contained ES module's text. */
  code: string;
  /** The same as UTF-8: what is uploaded, hashed and run. */
  bytes: Uint8Array<ArrayBuffer>;
}

export const programModule = async (code: string): Promise<ProgramModule> => {
  const bytes = new TextEncoder().encode(code);
  return { code, bytes, sha256: await sha256Of(bytes), size: bytes.byteLength };
};
