import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Gossamer, bytesOf, connectionFault, file, lines } from '../src/node/index.ts';
import { FakeCoordinator } from './fake-coordinator.ts';
import { thrown, useCoordinator } from './client.ts';

const { coordinator, client } = useCoordinator();
const folder = mkdtempSync(join(tmpdir(), 'gossamer-sdk-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const code = 'export const run = (input) => input;';
const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

it('SD53: a file of inputs without any is told by its path', async () => {
  const path = write('nothing.txt', '');
  expect(await thrown(client().map(lines(file(path)), { code }))).toMatchObject({
    code: 'source-empty',
    status: 422,
    message: `The source yields no work units: ${path}`,
  });
});

it('SD53: an overlap that leaves no step forward is refused before anything is sent', () => {
  expect(() => bytesOf(new Uint8Array(9), { bytes: 4, overlap: 4 })).toThrow(
    'an overlap of 4 bytes is not less than the 4 bytes of a record',
  );
});

it('SD54: a path that names no program is told for what it is, and nothing is sent', async () => {
  const before = coordinator.requests.length;
  const refusal = (path: string) => thrown(client().map([1], path));
  expect(await refusal('./no.ts')).toMatchObject({
    code: 'usage',
    message: `there is no file ./no.ts (looked for ${join(process.cwd(), 'no.ts')})`,
  });
  expect(await refusal(folder)).toMatchObject({
    code: 'usage',
    message: `${folder} is a folder, and a program is one file: name the one that exports run`,
  });
  expect(await refusal(write('stars.csv', 'a\n1\n'))).toMatchObject({
    code: 'program-invalid',
    message: expect.stringContaining('stars.csv is no program: it is data'),
  });
  expect(coordinator.requests).toHaveLength(before);
});

it.each([
  ['gss_…', '“…” as its character 5'],
  ['gss_a\nb', 'the end of a line as its character 6'],
  ['gss_a b', 'a blank as its character 6'],
  ['gss_ä', '“ä” as its character 5'],
])('SD55: a key that can be none is refused at once, and not told: %j', (apiKey, says) => {
  const refuse = () => new Gossamer({ url: coordinator.url, apiKey });
  expect(refuse).toThrow(`the API key has ${says}, which no key has`);
  expect(refuse).not.toThrow('gss_a');
});

it('SD55: blanks around a key are no part of it', async () => {
  expect(await client({ apiKey: ` ${FakeCoordinator.KEY}\n` }).me()).toMatchObject({ role: 'submitter' });
});

it.each([
  ['ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:9', /^connection refused, so nothing listens there \(connect ECONN/],
  [
    'ENOTFOUND',
    'getaddrinfo ENOTFOUND a.invalid',
    /^there is no host of that name \(getaddrinfo ENOTFOUND a\.invalid\)$/,
  ],
  ['ECONNREFUSED', '', /^connection refused, so nothing listens there \(ECONNREFUSED\)$/],
  ['CERT_HAS_EXPIRED', 'certificate has expired', /^its certificate has expired \(CERT_HAS_EXPIRED\)$/],
  ['OTHER', 'what it is', /^what it is$/],
  ['', 'bad port', /^no client opens a connection to that port \(bad port\)$/],
])('SD56: why there is no connection is told in words: %s %s', (name, message, says) => {
  const cause = Object.assign(new Error(message), { code: name });
  expect(connectionFault(new TypeError('fetch failed', { cause }))).toMatch(says);
});

it('SD56: an address at which nothing listens is told so', async () => {
  const error = await thrown(client({ url: 'http://127.0.0.1:9', patienceMs: 0 }).view());
  expect(error).toMatchObject({
    code: 'unreachable',
    message: expect.stringMatching(/^the coordinator at http:\/\/127\.0\.0\.1:9 cannot be reached: .*/),
  });
});
