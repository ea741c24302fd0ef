import type { Sha256 } from '@gossamer/protocol';

/**
 * The name of a blob: the SHA-256 of its bytes (FIPS 180-4), 64 lower-case hexadecimal digits.
 * Throws where there is no WebCrypto, as in a page on an insecure origin.
 */
export const sha256Of = async (bytes: Uint8Array<ArrayBuffer>): Promise<Sha256> => {
  if (crypto.subtle === undefined) throw new Error('SHA-256 needs WebCrypto, which pages have on secure origins only');
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') as Sha256;
};
