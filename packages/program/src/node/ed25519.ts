import { ed25519 } from '@noble/curves/ed25519.js';
import type { SigningKey } from '@gossamer/protocol';
import { SigningKey as KeySchema } from '@gossamer/protocol';
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { Signer } from '../signing/signer.ts';

/** An Ed25519 key pair (RFC 8032), both halves raw and base64url. */
export interface KeyPair {
  key: SigningKey;
  /** The private half: whoever has it signs as its owner. */
  seed: string;
}

const jwk = { kty: 'OKP', crv: 'Ed25519' } as const;

export const makeKeyPair = (): KeyPair => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { x, d } = privateKey.export({ format: 'jwk' });
  return { key: KeySchema.parse(x), seed: d! };
};

/** An Ed25519 signature over the bytes, base64url. */
export const signEd25519 = ({ key, seed }: KeyPair, bytes: Uint8Array): string =>
  sign(null, bytes, createPrivateKey({ format: 'jwk', key: { ...jwk, x: key, d: seed } })).toString('base64url');

/** Under a key of small order one signature fits many messages, whoever made it: nobody owns such a key. */
const hasOwner = (key: string): boolean => !ed25519.Point.fromBytes(Buffer.from(key, 'base64url')).isSmallOrder();

/** The same as `verifyEd25519`, at once. What is no point of the curve, or one of small order, has signed nothing. */
export const hasSigned = (key: string, bytes: Uint8Array, signature: string): boolean => {
  try {
    if (!hasOwner(key)) return false;
    const publicKey = createPublicKey({ format: 'jwk', key: { ...jwk, x: key } });
    return verify(null, bytes, publicKey, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
};

export const signerOf = (pair: KeyPair): Signer => ({
  key: pair.key,
  sign: (bytes) => Promise.resolve(signEd25519(pair, bytes)),
});
