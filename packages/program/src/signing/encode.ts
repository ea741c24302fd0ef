import type { Admission, KeySuccession, ProgramKind, ProgramManifest, SigningKey, Tier } from '@gossamer/protocol';
import { FrameWriter } from '@gossamer/protocol';
import { fromBase64url } from './base64url.ts';

/*
 * What is signed, as bytes. Each encoding begins with the text that says what it is for, so that no signature can be
 * taken for one of another purpose; then its fields in a fixed order, each of a fixed size or with its length before
 * it. So two different values never have the same bytes, and nothing depends on how JSON is written.
 */

const KINDS: Record<ProgramKind, number> = { js: 0, wasm: 1 };
const TIERS: Record<Tier, number> = { public: 0, playground: 1 };
const NONE = 0;
const SOME = 1;

const begin = (domain: string): FrameWriter => new FrameWriter().text(domain);

const hexBytes = (hex: string): Uint8Array =>
  Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));

/** What a signer signs. */
export const encodeManifest = (manifest: ProgramManifest): Uint8Array<ArrayBuffer> => {
  const { sha256, size, kind, name, limits } = manifest;
  const writer = begin('gossamer program v1').raw(hexBytes(sha256)).u32(size).u8(KINDS[kind]).text(name);
  writer.u32(limits.deadlineMs).u32(limits.resultBytes);
  return (limits.memoryBytes === null ? writer.u8(NONE) : writer.u8(SOME).integer(limits.memoryBytes)).finish();
};

/** What the coordinator signs when it admits a program. */
export const encodeAdmission = (admission: Omit<Admission, 'signature'>): Uint8Array<ArrayBuffer> => {
  const { job, manifestSha256, signer, tier, issuedAt, key } = admission;
  const writer = begin('gossamer admission v1').text(job).raw(hexBytes(manifestSha256));
  if (signer === null) writer.u8(NONE);
  else writer.u8(SOME).raw(fromBase64url(signer.key)).text(signer.name);
  return writer.u8(TIERS[tier]).integer(issuedAt).raw(fromBase64url(key)).finish();
};

/** What a coordinator's key signs to name its successor. */
export const encodeSuccession = ({ from, to, issuedAt }: Omit<KeySuccession, 'signature'>): Uint8Array<ArrayBuffer> =>
  begin('gossamer coordinator key v1').raw(fromBase64url(from)).raw(fromBase64url(to)).integer(issuedAt).finish();

/**
 * What a signer's key signs when it is registered. `owner` is the id of the API key that registers it: so nobody else
 * can use the proof, here or on another grid.
 */
export const encodeRegistration = (key: SigningKey, name: string, owner: string): Uint8Array<ArrayBuffer> =>
  begin('gossamer signer v1').raw(fromBase64url(key)).text(name).text(owner).finish();

/** What a signer's key signs to name its successor. */
export const encodeSignerSuccession = (from: SigningKey, to: SigningKey, owner: string): Uint8Array<ArrayBuffer> =>
  begin('gossamer signer succession v1').raw(fromBase64url(from)).raw(fromBase64url(to)).text(owner).finish();
