import type { Sha256 } from '@gossamer/protocol';
import { sha256Of } from './sha256.ts';

/** What names a program: the SHA-256 of its module text's UTF-8 bytes, and how many they are. */
export interface ProgramManifest {
  sha256: Sha256;
  size: number;
}

/** A program ready to travel. */
export interface ProgramModule extends ProgramManifest {
  /** One self-contained ES module's text. */
  code: string;
  /** The same as UTF-8: what is uploaded, hashed and run. */
  bytes: Uint8Array<ArrayBuffer>;
}

export const programModule = async (code: string): Promise<ProgramModule> => {
  const bytes = new TextEncoder().encode(code);
  return { code, bytes, sha256: await sha256Of(bytes), size: bytes.byteLength };
};

/** Whether `bytes` are the program that `manifest` names: checked by the tab before it runs anything. */
export const matchesManifest = async (bytes: Uint8Array<ArrayBuffer>, manifest: ProgramManifest): Promise<boolean> =>
  bytes.byteLength === manifest.size && (await sha256Of(bytes)) === manifest.sha256;
