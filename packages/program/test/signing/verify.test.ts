import type { SigningKey } from '@gossamer/protocol';
import { expect, it } from 'vitest';
import type { Verify, WantedProgram } from '../../src/index.ts';
import {
  encodeAdmission,
  encodeManifest,
  followsFrom,
  fromBase64url,
  ProgramRefused,
  requireSigned,
  sha256Of,
  toBase64url,
  verifyEd25519,
} from '../../src/index.ts';
import { hasSigned, makeKeyPair, signEd25519 } from '../../src/node/ed25519.ts';
import { JOB, LIMITS, signedProgram, succession } from './world.ts';

const byNode: Verify = (...parts) => Promise.resolve(hasSigned(...parts));

/** What comes of it: `runs`, or the reason of the refusal. */
const outcome = async (wanted: WantedProgram, known: string, verify: Verify = byNode): Promise<string> => {
  const requireKey = async (key: string): Promise<void> => {
    if (key !== known) throw new ProgramRefused('coordinator-key', 'it is another one');
  };
  try {
    await requireSigned(wanted, { requireKey, verify });
    return 'runs';
  } catch (error) {
    if (error instanceof ProgramRefused) return error.reason;
    throw error;
  }
};

/** A base64url text with one bit of the bytes changed. */
const flipped = (text: string, at: number, bit: number): string => {
  const bytes = fromBase64url(text);
  bytes[at]! ^= 1 << bit;
  return toBase64url(bytes);
};

const changed = (wanted: WantedProgram, change: (copy: WantedProgram) => void): WantedProgram => {
  const copy = structuredClone(wanted);
  change(copy);
  return copy;
};

it('SG2: what was signed as it should be runs, by Node and by WebCrypto', async () => {
  const { wanted, coordinator } = await signedProgram();
  expect(await outcome(wanted, coordinator.key)).toBe('runs');
  expect(await outcome(wanted, coordinator.key, verifyEd25519)).toBe('runs');
});

it('SG2: each flipped byte of the signer’s and of the coordinator’s signature, and of both keys, is refused', async () => {
  const { wanted, coordinator } = await signedProgram();
  for (let at = 0; at < 64; at++) {
    const bit = at % 8;
    const signature = changed(wanted, ({ signed }) => (signed.signature = flipped(signed.signature!, at, bit)));
    expect(await outcome(signature, coordinator.key), `signature ${at}`).toBe('signature');
    const admission = changed(
      wanted,
      ({ signed: { admission: it } }) => (it.signature = flipped(it.signature, at, bit)),
    );
    expect(await outcome(admission, coordinator.key), `admission ${at}`).toBe('admission');
    if (at >= 32) continue;
    const key = (text: string) => flipped(text, at, bit) as SigningKey;
    const signer = changed(wanted, ({ signed: { admission: it } }) => (it.signer!.key = key(it.signer!.key)));
    expect(await outcome(signer, coordinator.key), `signer ${at}`).toBe('admission');
    const own = changed(wanted, ({ signed: { admission: it } }) => (it.key = key(it.key)));
    expect(await outcome(own, coordinator.key), `key ${at}`).toBe('coordinator-key');
    // Where the key is believed all the same, its signature is not.
    expect(await outcome(own, own.signed.admission.key), `key ${at}`).toBe('admission');
  }
});

it('SG2: each byte of the manifest’s and the admission’s fields, when changed, is refused', async () => {
  const { wanted, coordinator } = await signedProgram();
  const digit = (hex: string, at: number): string =>
    hex.slice(0, at) + (hex[at] === '0' ? '1' : '0') + hex.slice(at + 1);
  const cases: [string, (copy: WantedProgram) => unknown][] = [
    ['manifest', ({ signed: { manifest: it } }) => (it.size += 1)],
    ['manifest', ({ signed: { manifest: it } }) => (it.kind = 'wasm')],
    ['manifest', ({ signed: { manifest: it } }) => (it.limits.deadlineMs += 1)],
    ['manifest', ({ signed: { manifest: it } }) => (it.limits.resultBytes += 1)],
    ['manifest', ({ signed: { manifest: it } }) => (it.limits.memoryBytes = 1)],
    ['admission', ({ signed: { admission: it } }) => (it.job = `${JOB.slice(0, -1)}0`)],
    ['admission', ({ signed: { admission: it } }) => (it.tier = 'playground')],
    ['admission', ({ signed: { admission: it } }) => (it.issuedAt += 1)],
    ['admission', ({ signed: { admission: it } }) => (it.signer!.name = 'Adb')],
    ['admission', ({ signed: { admission: it } }) => (it.signer = null)],
    ['signature', ({ signed }) => (signed.signature = null)],
    ['manifest', (copy) => (copy.program.size += 1)],
  ];
  for (let at = 0; at < 64; at++) {
    cases.push(['manifest', ({ signed: { manifest: it } }) => (it.sha256 = digit(it.sha256, at) as never)]);
    cases.push(['manifest', ({ program: it }) => (it.sha256 = digit(it.sha256, at) as never)]);
    cases.push([
      'admission',
      ({ signed: { admission: it } }) => (it.manifestSha256 = digit(it.manifestSha256, at) as never),
    ]);
  }
  for (let at = 0; at < 4; at++) {
    cases.push([
      'manifest',
      ({ signed: { manifest: it } }) => (it.name = `${it.name.slice(0, at)}x${it.name.slice(at + 1)}`),
    ]);
  }
  for (const [reason, change] of cases) {
    expect(await outcome(changed(wanted, change), coordinator.key), change.toString()).toBe(reason);
  }
});

it('SG2: a manifest that the coordinator admits and the signer never saw is refused', async () => {
  const { wanted, coordinator } = await signedProgram();
  const { admission, manifest } = wanted.signed;
  const wider = { ...manifest, limits: { ...manifest.limits, deadlineMs: 86_400_000 } };
  const claim = { ...admission, manifestSha256: await sha256Of(encodeManifest(wider)) };
  const signature = signEd25519(coordinator, encodeAdmission(claim));
  const swapped = { ...wanted, signed: { ...wanted.signed, manifest: wider, admission: { ...claim, signature } } };
  expect(await outcome(swapped, coordinator.key)).toBe('signature');
});

it('SG2: an unsigned program is admitted as such, and a signature beside it is refused', async () => {
  const { wanted, coordinator } = await signedProgram();
  const claim = { ...wanted.signed.admission, signer: null };
  const admission = { ...claim, signature: signEd25519(coordinator, encodeAdmission(claim)) };
  const unsigned = { ...wanted, signed: { ...wanted.signed, signature: null, admission } };
  expect(await outcome(unsigned, coordinator.key)).toBe('runs');
  expect(await outcome({ ...wanted, signed: { ...wanted.signed, admission } }, coordinator.key)).toBe('signature');
});

it('SG7: a job that asks for more than its manifest, or has another’s admission, is refused', async () => {
  const { wanted, coordinator } = await signedProgram();
  for (const name of ['deadlineMs', 'resultBytes'] as const) {
    const limits = { ...LIMITS, [name]: LIMITS[name] + 1 };
    expect(await outcome({ ...wanted, limits }, coordinator.key)).toBe('limits');
    expect(await outcome({ ...wanted, limits: { ...LIMITS, [name]: 100 } }, coordinator.key)).toBe('runs');
  }
  expect(await outcome({ ...wanted, id: `${JOB.slice(0, -1)}0` }, coordinator.key)).toBe('admission');
});

it('SG3: a chain is followed forwards, and each statement must be signed by the key before', async () => {
  const keys = [makeKeyPair(), makeKeyPair(), makeKeyPair(), makeKeyPair()] as const;
  const [a, b, c, d] = keys;
  const chain = [succession(a, b.key), succession(b, c.key), succession(c, d.key)];
  expect(await followsFrom(a.key, d.key, chain, byNode)).toBe(true);
  expect(await followsFrom(a.key, d.key, chain, verifyEd25519)).toBe(true);
  expect(await followsFrom(c.key, c.key, [], byNode)).toBe(true);
  expect(await followsFrom(b.key, a.key, chain, byNode)).toBe(false);
  expect(await followsFrom(a.key, makeKeyPair().key, chain, byNode)).toBe(false);
  expect(await followsFrom(a.key, d.key, chain.toSpliced(1, 1), byNode)).toBe(false);
  const forged = { ...succession(makeKeyPair(), c.key), from: b.key };
  expect(await followsFrom(a.key, d.key, chain.with(1, forged), byNode)).toBe(false);
  // One that goes round in a circle ends.
  expect(await followsFrom(a.key, d.key, [succession(a, b.key), succession(b, a.key)], byNode)).toBe(false);
});

it('SG3: each flipped byte of a statement breaks the chain', async () => {
  const [a, b] = [makeKeyPair(), makeKeyPair()];
  const good = succession(a, b.key);
  for (let at = 0; at < 64; at++) {
    const signature = flipped(good.signature, at, at % 8);
    expect(await followsFrom(a.key, b.key, [{ ...good, signature }], byNode)).toBe(false);
    if (at >= 32) continue;
    const to = flipped(good.to, at, at % 8) as SigningKey;
    expect(await followsFrom(a.key, to, [{ ...good, to }], byNode)).toBe(false);
  }
  expect(await followsFrom(a.key, b.key, [{ ...good, issuedAt: good.issuedAt + 1 }], byNode)).toBe(false);
});
