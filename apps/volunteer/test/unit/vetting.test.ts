import {
  encodeAdmission,
  encodeManifest,
  encodeSuccession,
  manifestOf,
  ProgramRefused,
  sha256Of,
} from '@gossamer/program';
import type { KeyPair } from '@gossamer/program/node';
import { makeKeyPair, signEd25519 } from '@gossamer/program/node';
import type { CoordinatorKeys, JobCard, KeySuccession, SigningKey, Tier } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import type { PinStore } from '../../src/engine/pinned-key.ts';
import { PinnedKey } from '../../src/engine/pinned-key.ts';
import { Refusals } from '../../src/engine/refusals.ts';
import { Vetting } from '../../src/engine/vetting.ts';

const LIMITS = { deadlineMs: 1000, resultBytes: 1000 };

const cardOf = async (coordinator: KeyPair, tier: Tier = 'public'): Promise<JobCard> => {
  const manifest = await manifestOf(new TextEncoder().encode('export const run = 1;'), { name: 'One', limits: LIMITS });
  const manifestSha256 = await sha256Of(encodeManifest(manifest));
  const claim = { job: 'job_1', manifestSha256, signer: null, tier, issuedAt: 1, key: coordinator.key };
  const admission = { ...claim, signature: signEd25519(coordinator, encodeAdmission(claim)) };
  const { sha256, size } = manifest;
  const signed = { manifest, signature: null, admission };
  const rest = { job: 1, name: 'Ones', submitter: 'Sue', params: null, data: [], seed: 0, cageOrigin: 'http://x' };
  return { ...rest, id: 'job_1', program: { sha256, size }, signed, limits: { ...LIMITS, memoryBytes: 0 } };
};

const step = (from: KeyPair, to: KeyPair): KeySuccession => {
  const claim = { from: from.key, to: to.key, issuedAt: 2 };
  return { ...claim, signature: signEd25519(from, encodeSuccession(claim)) };
};

/** A browser's memory of the key, and how often the coordinator was asked for its keys. */
const browser = (known: SigningKey | null = null) => {
  const kept: { key: SigningKey | null; asked: number; keys: CoordinatorKeys | null } = {
    key: known,
    asked: 0,
    keys: null,
  };
  const store: PinStore = { get: async () => kept.key, set: async (key) => void (kept.key = key) };
  const ask = async (): Promise<CoordinatorKeys> => {
    kept.asked += 1;
    if (kept.keys === null) throw new Error('it does not answer');
    return kept.keys;
  };
  return { kept, pin: (built: SigningKey | null = null) => new PinnedKey(store, built, ask) };
};

test('SG44: a playground program is refused by who has not opted in, whatever the coordinator sends', async () => {
  const coordinator = makeKeyPair();
  const vetting = new Vetting(browser(coordinator.key).pin(), false);
  const [open, closed] = [await cardOf(coordinator), await cardOf(coordinator, 'playground')];
  await vetting.require(open);
  await expect(vetting.require(closed)).rejects.toMatchObject({ reason: 'playground' });
  vetting.playground = true;
  await vetting.require(closed);
  vetting.playground = false;
  await expect(vetting.require(closed)).rejects.toMatchObject({ reason: 'playground' });
});

test('SG46: the first key that is met counts, and from then on no other; nothing is asked of who knows it', async () => {
  const [first, other] = [makeKeyPair(), makeKeyPair()];
  const { kept, pin } = browser();
  kept.keys = { current: first.key, chain: [] };
  const known = pin();
  await Promise.all([known.require(first.key), known.require(first.key)]);
  expect([kept.key, kept.asked]).toEqual([first.key, 1]);
  kept.keys = { current: other.key, chain: [] };
  await expect(known.require(other.key)).rejects.toMatchObject({ reason: 'coordinator-key' });
  await expect(pin().require(other.key)).rejects.toMatchObject({ reason: 'coordinator-key' });
  await known.require(first.key);
  expect(kept.key).toBe(first.key);
});

test('SG46: a page that was built for a key believes no other, not even at first', async () => {
  const [built, other] = [makeKeyPair(), makeKeyPair()];
  const { kept, pin } = browser();
  kept.keys = { current: other.key, chain: [] };
  await expect(pin(built.key).require(other.key)).rejects.toMatchObject({ reason: 'coordinator-key' });
  kept.keys = { current: other.key, chain: [step(built, other)] };
  await pin(built.key).require(other.key);
  expect(kept.key).toBe(other.key);
});

test('SG46: a page that was built for a key forgets one that was kept before, unless it follows', async () => {
  const [built, next, kept] = [makeKeyPair(), makeKeyPair(), makeKeyPair()];
  const stranger = browser(kept.key);
  stranger.kept.keys = { current: kept.key, chain: [] };
  await expect(stranger.pin(built.key).require(kept.key)).rejects.toMatchObject({ reason: 'coordinator-key' });
  await stranger.pin(built.key).require(built.key);
  const heir = browser(next.key);
  heir.kept.keys = { current: next.key, chain: [step(built, next)] };
  await heir.pin(built.key).require(next.key);
  await expect(heir.pin(built.key).require(built.key)).rejects.toMatchObject({ reason: 'coordinator-key' });
});

test('SG42: what follows from the known key is remembered, and the key before it is believed no more', async () => {
  const [a, b, c] = [makeKeyPair(), makeKeyPair(), makeKeyPair()];
  const { kept, pin } = browser(a.key);
  kept.keys = { current: c.key, chain: [step(a, b), step(b, c)] };
  const known = pin();
  await known.require(c.key);
  expect(kept.key).toBe(c.key);
  for (const old of [a, b]) await expect(known.require(old.key)).rejects.toMatchObject({ reason: 'coordinator-key' });
});

test('SG42: keys that do not come now are no refusal, and are asked for again', async () => {
  const [a, b] = [makeKeyPair(), makeKeyPair()];
  const { kept, pin } = browser(a.key);
  const vetting = new Vetting(pin(), false);
  const card = await cardOf(b);
  const failed = await vetting.require(card).catch((error: unknown) => error);
  expect(failed).not.toBeInstanceOf(ProgramRefused);
  kept.keys = { current: b.key, chain: [step(a, b)] };
  await vetting.require(card);
});

test('SG41: refusals are told once a job, the newest first, and bounded', async () => {
  const refusals = new Refusals();
  const card = await cardOf(makeKeyPair());
  for (let job = 0; job < 7; job++) {
    const told = refusals.note({ ...card, job, name: `job ${job}` }, new ProgramRefused('manifest', 'x'.repeat(600)));
    expect(told).toEqual({ job, reason: 'manifest', detail: 'x'.repeat(500) });
  }
  refusals.note({ ...card, job: 4, name: 'job 4' }, new ProgramRefused('limits', 'too much'));
  expect(refusals.list.map(({ job }) => job)).toEqual(['job 4', 'job 6', 'job 5', 'job 3', 'job 2'].slice(0, 5));
  expect(refusals.list[0]).toEqual({ job: 'job 4', reason: 'limits', detail: 'too much' });
});
