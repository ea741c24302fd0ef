import { createStore, del, get, update } from 'idb-keyval';
import { proofText } from '@gossamer/protocol';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const KEY = 'key';
const store = createStore('gossamer-device', 'keys');

/** This browser's identity: a P-256 key pair whose private half cannot leave it. */
export interface DeviceKey {
  /** Raw uncompressed point, base64url. */
  publicKey: string;
  /** The proof for a nonce: ECDSA with SHA-256, IEEE P1363, base64url. */
  sign(nonce: string): Promise<string>;
}

const base64url = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

/** Reads the device's key, or makes it. Where storage is denied the key lives as long as this page. */
export const openDeviceKey = async (): Promise<DeviceKey> => {
  const stored = await get<CryptoKeyPair>(KEY, store).catch(() => undefined);
  let pair = stored;
  if (pair === undefined) {
    const made = await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
    pair = made;
    // One transaction: of two tabs that make a key at once, the first one's stands for both.
    await update<CryptoKeyPair>(KEY, (present) => (pair = present ?? made), store).catch(() => undefined);
  }
  const { privateKey, publicKey } = pair;
  return {
    publicKey: base64url(await crypto.subtle.exportKey('raw', publicKey)),
    sign: async (nonce) =>
      base64url(
        await crypto.subtle.sign(
          { name: 'ECDSA', hash: 'SHA-256' },
          privateKey,
          new TextEncoder().encode(proofText(nonce)),
        ),
      ),
  };
};

export const forgetDeviceKey = (): Promise<void> => del(KEY, store);
