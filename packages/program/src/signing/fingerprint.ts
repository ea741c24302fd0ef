import type { Sha256, SigningKey } from '@gossamer/protocol';
import { sha256Of } from '../sha256.ts';
import { fromBase64url } from './base64url.ts';

const DIGITS = 32;
const GROUP = /.{4}/g;

/** A fingerprint for people to compare, of the SHA-256 of a raw key: its first 128 bits, `ab12 cd34 …`. */
export const fingerprintText = (digest: Sha256): string => digest.slice(0, DIGITS).match(GROUP)!.join(' ');

export const fingerprintOf = async (key: SigningKey): Promise<string> =>
  fingerprintText(await sha256Of(fromBase64url(key)));
