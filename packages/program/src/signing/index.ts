export { fromBase64url, toBase64url } from './base64url.ts';
export { type Verify, hasEd25519, verifyEd25519 } from './ed25519.ts';
export {
  encodeAdmission,
  encodeManifest,
  encodeRegistration,
  encodeSignerSuccession,
  encodeSuccession,
} from './encode.ts';
export { fingerprintOf, fingerprintText } from './fingerprint.ts';
export { followsFrom } from './follow-chain.ts';
export { type ManifestOptions, manifestFrom, manifestOf } from './manifest-of.ts';
export { type ProgramFacts, programFacts } from './program-facts.ts';
export { ProgramRefused } from './refused.ts';
export { requireFacts } from './require-facts.ts';
export { type Signer, registrationOf, signManifest } from './signer.ts';
export { type Trust, type WantedProgram, requireSigned } from './verify-signed.ts';
