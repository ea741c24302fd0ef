import fc from 'fast-check';
import type { ProgramManifest } from '@gossamer/protocol';
import { ProgramManifest as Schema, signedNameOf } from '@gossamer/protocol';
import { expect, it } from 'vitest';
import {
  encodeAdmission,
  encodeManifest,
  encodeRegistration,
  encodeSignerSuccession,
  encodeSuccession,
  fingerprintOf,
} from '../../src/index.ts';
import { makeKeyPair } from '../../src/node/ed25519.ts';
import { JOB, signedProgram } from './world.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

const manifests: fc.Arbitrary<ProgramManifest> = fc.record({
  format: fc.constant(1 as const),
  sha256: fc.stringMatching(/^[0-9a-f]{64}$/) as fc.Arbitrary<ProgramManifest['sha256']>,
  size: fc.nat(3),
  kind: fc.constantFrom('js' as const, 'wasm' as const),
  name: fc.string({ minLength: 1, maxLength: 4, unit: 'binary' }).filter((name) => signedNameOf(name) === name),
  limits: fc.record({
    deadlineMs: fc.integer({ min: 100, max: 103 }),
    resultBytes: fc.integer({ min: 1, max: 4 }),
    memoryBytes: fc.option(fc.nat(3)),
  }),
});

it('SG1: two manifests have the same bytes only if they are the same', () => {
  fc.assert(
    fc.property(manifests, manifests, (a, b) => {
      expect(Schema.parse(a)).toEqual(a);
      expect(text(encodeManifest(a)) === text(encodeManifest(b))).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
    { numRuns: 500 },
  );
});

it('SG1: each field of a manifest and of an admission changes the bytes', async () => {
  const { wanted } = await signedProgram();
  const { manifest, admission } = wanted.signed;
  const other = makeKeyPair().key;
  const changes: object[] = [
    { size: manifest.size + 1 },
    { kind: 'wasm' },
    { name: `${manifest.name}s` },
    { sha256: 'ab'.repeat(32) },
    { limits: { ...manifest.limits, deadlineMs: 100 } },
    { limits: { ...manifest.limits, resultBytes: 1 } },
    { limits: { ...manifest.limits, memoryBytes: 0 } },
    { limits: { ...manifest.limits, memoryBytes: 65_536 } },
  ];
  const encoded = [manifest, ...changes.map((change) => ({ ...manifest, ...change }))].map(encodeManifest).map(text);
  expect(new Set(encoded).size).toBe(changes.length + 1);
  const others: object[] = [
    { job: `${JOB}0` },
    { manifestSha256: 'ab'.repeat(32) },
    { signer: null },
    { signer: { ...admission.signer, name: 'Eve' } },
    { signer: { ...admission.signer, key: other } },
    { tier: 'playground' },
    { issuedAt: admission.issuedAt + 1 },
    { key: other },
  ];
  const admissions = [admission, ...others.map((change) => ({ ...admission, ...change }))]
    .map(encodeAdmission)
    .map(text);
  expect(new Set(admissions).size).toBe(others.length + 1);
});

it('SG1: what is signed for one purpose is no other one’s beginning', async () => {
  const { wanted, signer, coordinator } = await signedProgram();
  const pair = [signer.key, coordinator.key] as const;
  const all = [
    encodeManifest(wanted.signed.manifest),
    encodeAdmission(wanted.signed.admission),
    encodeSuccession({ from: pair[0], to: pair[1], issuedAt: 1 }),
    encodeRegistration(pair[0], 'Ada', 'key_1'),
    encodeSignerSuccession(...pair, 'key_1'),
  ].map(text);
  const domains = all.map((bytes) => bytes.slice(0, 4 + bytes.charCodeAt(0)));
  expect(domains.map((domain) => domain.slice(4))).toEqual([
    'gossamer program v1',
    'gossamer admission v1',
    'gossamer coordinator key v1',
    'gossamer signer v1',
    'gossamer signer succession v1',
  ]);
  for (const [at, domain] of domains.entries()) {
    expect(all.filter((bytes, other) => other !== at && bytes.startsWith(domain))).toEqual([]);
  }
});

it('SG1: the encoding of a manifest is this one, for ever', () => {
  const manifest = { format: 1, sha256: '01'.repeat(32), size: 258, kind: 'wasm', name: 'ü' } as const;
  const limits = { deadlineMs: 60_000, resultBytes: 7, memoryBytes: 65_536 };
  const encoded = encodeManifest({ ...manifest, limits } as unknown as ProgramManifest);
  const expected =
    '13000000' +
    Buffer.from('gossamer program v1').toString('hex') +
    '01'.repeat(32) +
    '02010000' +
    '01' +
    '02000000c3bc' +
    '60ea0000' +
    '07000000' +
    '01' +
    '000000000000f040';
  expect(Buffer.from(encoded).toString('hex')).toBe(expected);
});

it('SG1: a fingerprint is the beginning of the SHA-256 of the raw key', async () => {
  const { key } = makeKeyPair();
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(key, 'base64url'))).toString('hex');
  const fingerprint = await fingerprintOf(key);
  expect(fingerprint).toMatch(/^([0-9a-f]{4} ){7}[0-9a-f]{4}$/);
  expect(digest.startsWith(fingerprint.replaceAll(' ', ''))).toBe(true);
});
