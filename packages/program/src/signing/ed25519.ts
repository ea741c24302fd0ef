import { fromBase64url } from './base64url.ts';

const ALGORITHM = 'Ed25519';

/** Verifies an Ed25519 signature (RFC 8032); key and signature are base64url. */
export type Verify = (key: string, signed: Uint8Array<ArrayBuffer>, signature: string) => Promise<boolean>;

const subtleOf = () => {
  if (crypto.subtle === undefined)
    throw new Error('signatures need WebCrypto, which pages have on secure origins only');
  return crypto.subtle;
};

/** By WebCrypto. What is no point of the curve has signed nothing. */
export const verifyEd25519: Verify = async (key, signed, signature) => {
  const subtle = subtleOf();
  try {
    const imported = await subtle.importKey('raw', fromBase64url(key), ALGORITHM, false, ['verify']);
    return await subtle.verify(ALGORITHM, imported, fromBase64url(signature), signed);
  } catch {
    return false;
  }
};

/** RFC 8032, section 7.1, test 1: the signature of no bytes. */
const KNOWN = {
  key: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  signature: '5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc-bRr0lv18FlbviRlUUFDjnoQCw',
};

/** Whether this browser can verify signatures: of Chromium since 137, Firefox since 129, Safari since 17. */
export const hasEd25519 = (): Promise<boolean> => verifyEd25519(KNOWN.key, new Uint8Array(0), KNOWN.signature);
