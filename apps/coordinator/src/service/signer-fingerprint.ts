import { fingerprintText } from '@gossamer/program';
import type { Sha256, SigningKey } from '@gossamer/protocol';
import { createHash } from 'node:crypto';

/** A signer's key as people compare it. */
export const signerFingerprint = (key: SigningKey): string =>
  fingerprintText(createHash('sha256').update(Buffer.from(key, 'base64url')).digest('hex') as Sha256);
