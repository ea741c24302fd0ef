import type { Encoding } from '@gossamer/protocol';

/** SHA-256: bytes in, 32 bytes out. The core has no hash of its own. */
export type HashFunction = (bytes: Uint8Array) => Uint8Array;

/** Results up to this size are compared as they are, larger ones by their SHA-256. A client's own hash is never asked for. */
const COMPARED_AS_IS = 256;

/** What two results must share to be the same one: its first byte tells how the rest came about. */
export const identityOf = (encoding: Encoding, body: Uint8Array, hash: HashFunction): Uint8Array => {
  const small = body.byteLength <= COMPARED_AS_IS;
  const rest = small ? body : hash(body);
  const identity = new Uint8Array(1 + rest.byteLength);
  identity[0] = encoding * 2 + (small ? 0 : 1);
  identity.set(rest, 1);
  return identity;
};

export const sameIdentity = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.byteLength !== b.byteLength) return false;
  for (let i = 0; i < a.byteLength; i++) if (a[i] !== b[i]) return false;
  return true;
};
