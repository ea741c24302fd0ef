import { encodeManifest, encodeRegistration, encodeSignerSuccession } from '@gossamer/program';
import { hasSigned, makeKeyPair, signerOf } from '@gossamer/program/node';
import type { JobSpecInput } from '@gossamer/protocol';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createSignerFile, Gossamer, readSignerFile } from '../src/node/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'gossamer-sign-'));
afterAll(() => rmSync(folder, { recursive: true }));

const CODE = { code: 'export const run = (x) => x;' };
const KEY = 'key_017f22e2-79b0-7cc3-98c4-dc0c0c07398f';

/** A client whose coordinator is this test: it keeps what is asked, and answers the least that will do; `keeps`: blobs as well. */
const client = (keeps = false) => {
  const blobs = new Map<string, string>();
  const asked: { method: string; path: string; body: unknown }[] = [];
  const fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const path = new URL(input instanceof Request ? input.url : input).pathname;
    const body = typeof init.body === 'string' ? (JSON.parse(init.body) as unknown) : null;
    asked.push({ method: init.method ?? 'GET', path, body });
    const name = path.slice('/v1/blobs/'.length);
    if (keeps && init.method === 'PUT') {
      const bytes = new Uint8Array(await new Response(init.body!).arrayBuffer());
      blobs.set(name, new TextDecoder().decode(bytes));
      return Response.json({ sha256: name, size: bytes.byteLength });
    }
    const blob = blobs.get(name);
    if (blob !== undefined) return new Response(blob);
    if (path === '/v1/me') {
      const any = { limit: null, used: 0 };
      const quotas = { blobBytes: any, resultBytes: any, openJobs: any, units: any };
      return Response.json({ key: KEY, role: 'submitter', name: 'Sue', quotas });
    }
    return Response.json(
      { code: 'internal', title: 'this is as far as it goes', status: 400, type: '' },
      { status: 400 },
    );
  };
  const grid = new Gossamer({
    url: 'http://localhost:1',
    apiKey: 'k',
    fetch: fetch as typeof globalThis.fetch,
    patienceMs: 1,
  });
  return { grid, asked, blobs };
};

it('SD29: a program is signed with just what a job of these limits may use', async () => {
  const pair = makeKeyPair();
  const { grid } = client();
  const limits = { deadlineMs: 1000, maxErrors: 5 };
  const { signer, manifest, signature } = await grid.sign(CODE, { signer: signerOf(pair), name: 'Two\nlines', limits });
  expect(signer).toBe(pair.key);
  expect(manifest).toMatchObject({ name: 'Two lines', kind: 'js' });
  expect(manifest.limits).toEqual({ deadlineMs: 1000, resultBytes: 65_536, memoryBytes: null });
  expect(hasSigned(pair.key, encodeManifest(manifest), signature)).toBe(true);
});

it('SD29: a signer and a signature at once are refused before anything is made', async () => {
  const { grid, asked } = client();
  const signer = signerOf(makeKeyPair());
  const signature = (await grid.sign(CODE, { signer })) as NonNullable<JobSpecInput['signature']>;
  await expect(grid.map([1], { sha256: 'ab'.repeat(32) }, { signer, signature })).rejects.toMatchObject({
    code: expect.any(String),
  });
  expect(asked.filter(({ path }) => path === '/v1/jobs')).toEqual([]);
});

it('SD29: a program that is on the grid already is signed only as what its name says', async () => {
  const { grid, asked, blobs } = client();
  const signer = signerOf(makeKeyPair());
  const sha256 = 'ab'.repeat(32);
  blobs.set(sha256, 'export const run = () => "another program";');
  await expect(grid.map([1], { sha256 }, { signer })).rejects.toThrow(/other bytes than its name says/);
  expect(asked.filter(({ path }) => path === '/v1/jobs')).toEqual([]);
});

it('SD51: an upload gives its source map, and signs the bytes that went up for a job that is made by hand', async () => {
  const { grid, asked, blobs } = client(true);
  const pair = makeKeyPair();
  const uploaded = await grid.upload({ code: 'export const run = (x: number): number => x;' });
  const before = asked.length;
  const signed = await uploaded.sign(signerOf(pair), { name: 'night 1', limits: { deadlineMs: 1000 } });
  expect(signed.manifest).toMatchObject({ name: 'night 1', sha256: uploaded.sha256, limits: { deadlineMs: 1000 } });
  expect(hasSigned(pair.key, encodeManifest(signed.manifest), signed.signature)).toBe(true);
  expect(asked).toHaveLength(before);
  expect(JSON.parse(blobs.get(uploaded.sourceMap!)!)).toMatchObject({ mappings: expect.any(String) });
  const other = await grid.upload({ sha256: uploaded.sha256 });
  expect(other).toMatchObject({ sha256: uploaded.sha256, sourceMap: null });
  expect(await other.sign(signerOf(pair), { name: 'night 1', limits: { deadlineMs: 1000 } })).toEqual(signed);
  blobs.set(uploaded.sha256, 'export const run = () => "another program";');
  const late = (await grid.upload({ sha256: uploaded.sha256 })).sign(signerOf(pair), { name: 'x', limits: {} });
  await expect(late).rejects.toThrow(/other bytes than its name says/);
});

it('SD30: what registers a signer is for the key that is used, and names its predecessor with its statement', async () => {
  const [before, after] = [makeKeyPair(), makeKeyPair()];
  const { grid, asked } = client();
  await grid.signers.register(signerOf(after), 'Ada', { before: signerOf(before) }).catch(() => undefined);
  const { body } = asked.at(-1)!;
  const spec = body as { key: string; proof: string; succeeds: { key: string; statement: string } };
  expect(hasSigned(after.key, encodeRegistration(after.key, 'Ada', KEY), spec.proof)).toBe(true);
  expect(spec.succeeds.key).toBe(before.key);
  const statement = encodeSignerSuccession(before.key, after.key, KEY);
  expect(hasSigned(before.key, statement, spec.succeeds.statement)).toBe(true);
});

it('SD30: a key is kept in a file that only its owner can read, is never overwritten, and is refused when others could read it', async () => {
  const path = join(folder, 'deep/er/ada.json');
  const { signer } = await createSignerFile(path, 'Ada');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, 'deep')).mode & 0o077).toBe(0);
  const text = readFileSync(path, 'utf8');
  await expect(createSignerFile(path, 'Ada')).rejects.toMatchObject({ code: 'usage' });
  expect(readFileSync(path, 'utf8')).toBe(text);
  const read = await readSignerFile(path);
  expect([read.name, read.signer.key]).toEqual(['Ada', signer.key]);
  expect(hasSigned(signer.key, new Uint8Array(3), await read.signer.sign(new Uint8Array(3)))).toBe(true);
  chmodSync(path, 0o640);
  await expect(readSignerFile(path)).rejects.toThrow('can be read by others');
  const broken = join(folder, 'broken.json');
  writeFileSync(broken, '{', { mode: 0o600 });
  await expect(readSignerFile(broken)).rejects.toThrow('is no file of a signer');
  await expect(readSignerFile(join(folder, 'none.json'))).rejects.toThrow('there is no signer');
});
