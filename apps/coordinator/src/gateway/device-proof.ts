import { proofText } from '@gossamer/protocol';
import { createPublicKey, verify } from 'node:crypto';

const POINT_BYTES = 65;
const UNCOMPRESSED = 4;

/**
 * Did the holder of this P-256 key (raw point, base64url) sign the nonce? False as well for what is no point of the
 * curve: the key's import checks it.
 */
export const provesKey = (publicKey: string, nonce: string, signature: string): boolean => {
  const point = Buffer.from(publicKey, 'base64url');
  if (point.byteLength !== POINT_BYTES || point[0] !== UNCOMPRESSED) return false;
  try {
    const key = createPublicKey({
      format: 'jwk',
      key: {
        kty: 'EC',
        crv: 'P-256',
        x: point.subarray(1, 33).toString('base64url'),
        y: point.subarray(33).toString('base64url'),
      },
    });
    const signed = Buffer.from(proofText(nonce));
    return verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
};
