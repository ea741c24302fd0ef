import { registrationOf } from '@gossamer/program';
import { makeKeyPair, signerOf } from '@gossamer/program/node';
import type { Page, SignerView } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import { startGrid } from '../harness/grid.ts';
import { grant, signed, Submitter } from '../harness/signing.ts';

const list = async (submitter: Submitter): Promise<SignerView[]> =>
  (await submitter.call<Page<SignerView>>('GET', '/v1/signers')).body.items;

test('SG20: a signer is registered with a proof of its key, and stays over a start', async () => {
  const grid = await startGrid();
  const sue = await Submitter.join(grid);
  const { key } = await sue.signer('Sue’s laptop');
  const expected = { key, name: 'Sue’s laptop', owner: sue.key.id, ownerName: 'Sue', policy: null, openJobs: 0 };
  expect(await list(sue)).toMatchObject([{ ...expected, tier: 'public', revokedAt: null, successor: null }]);
  const again = await grid.restart();
  expect(await list(new Submitter(again, sue.key))).toMatchObject([expected]);
});

test('SG20: a proof by another key, over another name, or for another API key registers nothing', async () => {
  const grid = await startGrid();
  const [sue, otto] = [await Submitter.join(grid), await Submitter.join(grid, 'Otto')];
  const pair = makeKeyPair();
  const spec = await registrationOf(signerOf(pair), 'Ada', sue.key.id);
  const foreign = await registrationOf(signerOf(makeKeyPair()), 'Ada', sue.key.id);
  for (const [who, body] of [
    [otto, spec],
    [sue, { ...spec, name: 'Eve' }],
    [sue, { ...spec, proof: foreign.proof }],
    [sue, { ...spec, key: foreign.key }],
  ] as const) {
    expect(await who.call('POST', '/v1/signers', body)).toMatchObject({
      status: 422,
      body: { code: 'signature-wrong' },
    });
  }
  expect(await list(sue)).toEqual([]);
  expect((await sue.call('POST', '/v1/signers', spec)).status).toBe(201);
  // Registered again by its owner it is the same one.
  expect((await sue.call('POST', '/v1/signers', spec)).status).toBe(201);
  expect(await list(sue)).toHaveLength(1);
});

test('SG21: a submitter sees, uses and revokes its own signers only, an operator all', async () => {
  const grid = await startGrid();
  const [sue, otto] = [await Submitter.join(grid), await Submitter.join(grid, 'Otto')];
  const pair = await sue.signer();
  expect(await list(otto)).toEqual([]);
  expect(await otto.call('DELETE', `/v1/signers/${pair.key}`)).toMatchObject({ body: { code: 'signer-unknown' } });
  expect(await otto.submit(await signed(pair))).toMatchObject({ status: 404, body: { code: 'signer-unknown' } });
  expect((await sue.submit(await signed(pair))).status).toBe(201);
  const { items } = await grid.rest.json<Page<SignerView>>('GET', '/v1/signers');
  expect(items).toMatchObject([{ key: pair.key, openJobs: 1 }]);
  expect((await sue.call('DELETE', `/v1/signers/${pair.key}`)).status).toBe(200);
});

test('SG21: whoever has the key registers it anew when its API key is over, and not before', async () => {
  const grid = await startGrid();
  const [sue, later] = [await Submitter.join(grid), await Submitter.join(grid, 'Sue again')];
  const pair = await sue.signer();
  await grant(grid, pair);
  const spec = await registrationOf(signerOf(pair), 'Ada', later.key.id);
  expect(await later.call('POST', '/v1/signers', spec)).toMatchObject({ status: 409, body: { code: 'signer-known' } });
  await grid.rest.json('DELETE', `/v1/keys/${sue.key.id}`);
  expect((await later.call('POST', '/v1/signers', spec)).status).toBe(201);
  expect(await list(later)).toMatchObject([{ key: pair.key, policy: { tier: 'public' } }]);
  expect((await later.submit(await signed(pair))).status).toBe(201);
});

test('SG27: a successor inherits the policy; the one before signs no new job, and its running ones go on', async () => {
  const grid = await startGrid({ env: { GOSSAMER_UNVETTED: 'refuse' } });
  const sue = await Submitter.join(grid);
  const before = await sue.signer('Ada 2025');
  await grant(grid, before, { tier: 'public', limits: { deadlineMs: 70_000 } });
  const { body: job } = await sue.submit(await signed(before));
  const after = await sue.signer('Ada 2026', before);
  expect(await list(sue)).toMatchObject([
    { key: before.key, successor: after.key },
    { key: after.key, policy: { tier: 'public', limits: { deadlineMs: 70_000 } } },
  ]);
  expect(await sue.submit(await signed(before))).toMatchObject({ status: 403, body: { code: 'signer-revoked' } });
  expect((await sue.submit(await signed(after))).status).toBe(201);
  expect(await grid.rest.job(job.id)).toMatchObject({ state: 'running', tier: 'public', signer: { name: 'Ada 2025' } });
  const again = await grid.restart();
  expect((await new Submitter(again, sue.key).submit(await signed(after))).status).toBe(201);
});

test('SG27: a place is taken once, by its owner, with its own statement', async () => {
  const grid = await startGrid();
  const [sue, otto] = [await Submitter.join(grid), await Submitter.join(grid, 'Otto')];
  const before = await sue.signer();
  const heir = signerOf(makeKeyPair());
  const spec = await registrationOf(heir, 'Ada', sue.key.id, signerOf(before));
  const forged = await registrationOf(heir, 'Ada', sue.key.id, signerOf({ ...makeKeyPair(), key: before.key }));
  expect(await sue.call('POST', '/v1/signers', forged)).toMatchObject({ body: { code: 'signature-wrong' } });
  const foreign = await registrationOf(heir, 'Ada', otto.key.id, signerOf(before));
  expect(await otto.call('POST', '/v1/signers', foreign)).toMatchObject({ body: { code: 'signer-unknown' } });
  expect((await sue.call('POST', '/v1/signers', spec)).status).toBe(201);
  await expect(sue.signer('Ada', before)).rejects.toThrow('signer-known');
  const revoked = await sue.signer();
  await sue.call('DELETE', `/v1/signers/${revoked.key}`);
  await expect(sue.signer('Ada', revoked)).rejects.toThrow('signer-revoked');
  const back = await registrationOf(signerOf(revoked), 'Ada', sue.key.id);
  expect(await sue.call('POST', '/v1/signers', back)).toMatchObject({ body: { code: 'signer-revoked' } });
});
