import { createPublicKey, verify } from 'node:crypto';
import { expect, it } from 'vitest';
import { fromBase64url, hasEd25519, toBase64url, verifyEd25519 } from '../../src/index.ts';
import { hasSigned, makeKeyPair, signEd25519, signerOf } from '../../src/node/ed25519.ts';

const hex = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'hex'));

/** RFC 8032, section 7.1, tests 2 and 3. */
const VECTORS = [
  {
    key: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
      '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  },
  {
    key: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    message: 'af82',
    signature:
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac' +
      '18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  },
];

it('SG4: Node and WebCrypto verify the vectors of RFC 8032, and no other message', async () => {
  expect(await hasEd25519()).toBe(true);
  for (const vector of VECTORS) {
    const [key, message, signature] = [vector.key, vector.message, vector.signature].map(hex);
    const [point, signed] = [toBase64url(key!), toBase64url(signature!)];
    expect(hasSigned(point, message!, signed)).toBe(true);
    expect(await verifyEd25519(point, message!, signed)).toBe(true);
    expect(hasSigned(point, hex('00'), signed)).toBe(false);
    expect(await verifyEd25519(point, hex('00'), signed)).toBe(false);
  }
});

it('SG4: what Node signs, WebCrypto verifies; what is no key or signature has signed nothing', async () => {
  const pair = makeKeyPair();
  const bytes = new Uint8Array([1, 2, 3]);
  const signature = signEd25519(pair, bytes);
  expect(await signerOf(pair).sign(bytes)).toBe(signature);
  expect(await verifyEd25519(pair.key, bytes, signature)).toBe(true);
  for (const [key, text] of [
    ['AAAA', signature],
    [pair.key, ''],
    [pair.key, 'AAAA'],
    ['', ''],
    [toBase64url(new Uint8Array(32).fill(255)), signature],
  ] as const) {
    expect(hasSigned(key, bytes, text)).toBe(false);
    expect(await verifyEd25519(key, bytes, text)).toBe(false);
  }
});

it('SG4: a key of small order, under which one signature fits any message, has signed nothing', () => {
  const identity = new Uint8Array(32);
  identity[0] = 1;
  const [key, signature] = [toBase64url(identity), toBase64url(new Uint8Array([...identity, ...new Uint8Array(32)]))];
  const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: key } });
  for (const message of [hex('00'), hex('01')]) {
    expect(verify(null, message, publicKey, fromBase64url(signature))).toBe(true);
    expect(hasSigned(key, message, signature)).toBe(false);
  }
});

it('SG4: base64url of any bytes is read as it was written', () => {
  for (let size = 0; size < 70; size++) {
    const bytes = Uint8Array.from({ length: size }, (_, at) => (at * 37 + size * 11) % 256);
    expect(toBase64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
    expect(fromBase64url(toBase64url(bytes))).toEqual(bytes);
  }
});
