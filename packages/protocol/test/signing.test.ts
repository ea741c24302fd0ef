import { expect, it } from 'vitest';
import { ProgramManifest, Signature, signedNameOf, SignerSpec, SigningKey } from '../src/index.ts';

const KEY = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
const SIGNATURE = '5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc-bRr0lv18FlbviRlUUFDjnoQCw';
const manifest = {
  format: 1,
  sha256: 'ab'.repeat(32),
  size: 10,
  kind: 'js',
  name: 'Echo',
  limits: { deadlineMs: 60_000, resultBytes: 1000, memoryBytes: null },
};

it('SG6: a key and a signature have one text: bits that stand for nothing are none', () => {
  expect(SigningKey.safeParse(KEY).success).toBe(true);
  expect(Signature.safeParse(SIGNATURE).success).toBe(true);
  // The last character of 32 bytes holds four bits, that of 64 bytes two: the rest must be zero.
  expect(SigningKey.safeParse(`${KEY.slice(0, -1)}p`).success).toBe(false);
  expect(Signature.safeParse(`${SIGNATURE.slice(0, -1)}x`).success).toBe(false);
  for (const key of [KEY.slice(1), `${KEY}A`, `${KEY}=`, KEY.replace('_', '/')]) {
    expect(SigningKey.safeParse(key).success).toBe(false);
  }
});

it('SG6: a name is one line of whole characters, as it was signed', () => {
  expect(ProgramManifest.parse({ ...manifest, name: ' Größe 🎉 ' }).name).toBe(' Größe 🎉 ');
  const lines = ['a\nb', 'a\u0000', '\u001b[31m', '\ud800', 'a\udfff', 'exe.\u202Etxt', 'a\u2028b', '👩\u200D🔬'];
  for (const name of ['', ...lines, 'x'.repeat(201)]) {
    expect(ProgramManifest.safeParse({ ...manifest, name }).success, JSON.stringify(name)).toBe(false);
    expect(SignerSpec.safeParse({ key: KEY, name, proof: SIGNATURE }).success).toBe(false);
  }
  for (const name of lines)
    expect(ProgramManifest.safeParse({ ...manifest, name: signedNameOf(name) }).success).toBe(true);
  expect(signedNameOf(' Größe 🎉 ')).toBe(' Größe 🎉 ');
});

it('SG6: a manifest of another format, or with more than is signed, is refused', () => {
  expect(ProgramManifest.safeParse(manifest).success).toBe(true);
  expect(ProgramManifest.safeParse({ ...manifest, format: 2 }).success).toBe(false);
  expect(ProgramManifest.safeParse({ ...manifest, also: 1 }).success).toBe(false);
  expect(ProgramManifest.safeParse({ ...manifest, limits: { ...manifest.limits, network: true } }).success).toBe(false);
});
