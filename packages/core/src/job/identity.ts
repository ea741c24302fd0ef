import type { Policy, ResultEncoding } from '@gossamer/protocol';
import { contentEncoding, isInBlob } from '@gossamer/protocol';

/** SHA-256: bytes in, 32 bytes out. The core has no hash of its own. */
export type HashFunction = (bytes: Uint8Array) => Uint8Array;

/** Bytes of an identity, whatever the size of the result. */
export const IDENTITY_BYTES = 16;

/** Results up to this size are compared as they are, larger ones by their SHA-256. A client's own hash is never asked for. */
const COMPARED_AS_IS = IDENTITY_BYTES - 1;
const HASHED = 16;
/** Lengths and the mark of a hash: so many values of the first byte belong to each encoding. */
const FORMS = HASHED + 1;

/** Results of one unit are compared with each other; where one is enough, none of them needs an identity. */
export const areCompared = (policy: Policy): boolean =>
  !(policy.kind === 'trusted' || (policy.kind === 'quorum' && policy.quorum === 1));

const hashed = (encoding: number, digest: Uint8Array): Uint8Array => {
  const identity = new Uint8Array(IDENTITY_BYTES);
  identity[0] = encoding * FORMS + HASHED;
  identity.set(digest.subarray(0, COMPARED_AS_IS), 1);
  return identity;
};

/**
 * What two results must share to be the same one. Its first byte holds the encoding and either the length of the
 * result, which follows as it is, or that the first 120 bits of its SHA-256 follow: a wrong result that is to pass for
 * a right one must meet all of them. That of a result in a blob is its name, which the coordinator has checked.
 */
export const identityOf = (encoding: ResultEncoding, body: Uint8Array, hash: HashFunction): Uint8Array => {
  if (isInBlob(encoding)) return hashed(contentEncoding(encoding), body);
  if (body.byteLength > COMPARED_AS_IS) return hashed(encoding, hash(body));
  const identity = new Uint8Array(IDENTITY_BYTES);
  identity[0] = encoding * FORMS + body.byteLength;
  identity.set(body, 1);
  return identity;
};
