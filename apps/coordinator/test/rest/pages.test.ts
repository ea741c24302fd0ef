import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Pages } from '../../src/http/options.ts';
import { expectProblem, serve } from './serve.ts';

let root: string;
const pages = (): Pages => ({
  volunteer: join(root, 'volunteer'),
  dashboard: join(root, 'dashboard'),
  headers: (path): Record<string, string> =>
    path.endsWith('.html') ? { 'content-security-policy': `page ${path}` } : { 'x-path': path },
});

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gossamer-pages-'));
  for (const page of ['volunteer', 'dashboard']) {
    await mkdir(join(root, page, 'assets'), { recursive: true });
    await writeFile(join(root, page, 'index.html'), `<p>${page}`);
    await writeFile(join(root, page, 'assets', 'main-1a2B3c4D.js'), `"${page}"`);
    await writeFile(join(root, page, 'plain.js'), '1');
    await writeFile(join(root, page, '.hidden'), 'secret');
  }
  await writeFile(join(root, 'outside.txt'), 'secret');
});
afterAll(() => rm(root, { recursive: true }));

test('PA1: each page comes with the headers of its own wall, and is asked for anew each time', async () => {
  const grid = await serve({ pages: pages() });
  for (const [path, page, file] of [
    ['/', 'volunteer', '/index.html'],
    ['/dashboard/', 'dashboard', '/dashboard/index.html'],
  ]) {
    const response = await grid.call(path!, { key: null });
    expect([response.status, await response.text()]).toEqual([200, `<p>${page}`]);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `page ${file}`,
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
    });
  }
  const bare = await grid.call('/dashboard', { redirect: 'manual', key: null });
  expect([bare.status, bare.headers.get('location')]).toEqual([308, '/dashboard/']);
});

test('PA2: files named by their content are kept for ever, others are asked for anew', async () => {
  const grid = await serve({ pages: pages() });
  for (const prefix of ['', '/dashboard']) {
    const hashed = await grid.call(`${prefix}/assets/main-1a2B3c4D.js`, { key: null });
    expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(hashed.headers.get('content-type')).toMatch(/^(text|application)\/javascript/);
    expect(hashed.headers.get('x-path')).toBe(`${prefix}/assets/main-1a2B3c4D.js`);
    expect(hashed.headers.has('content-security-policy')).toBe(false);
    const plain = await grid.call(`${prefix}/plain.js`, { key: null });
    expect(plain.headers.get('cache-control')).toBe('no-cache');
    const again = await grid.raw(`${prefix}/plain.js`, {
      host: 'localhost',
      'if-none-match': plain.headers.get('etag')!,
    });
    expect(again.status).toBe(304);
  }
});

test("PA3: nothing outside of a page's folder is served, and no hidden file", async () => {
  const grid = await serve({ pages: pages() });
  for (const path of [
    '/../outside.txt',
    '/%2e%2e/outside.txt',
    '/..%2foutside.txt',
    '/dashboard/../../outside.txt',
    '/.hidden',
    '/dashboard/.hidden',
    '/assets/',
  ]) {
    const answer = await grid.raw(path, { host: 'localhost' });
    expect([400, 403, 404], path).toContain(answer.status);
    expect(answer.headers['content-type'], path).toMatch(/^application\/problem\+json/);
    expect(answer.body.toString()).not.toContain('secret');
  }
  await expectProblem(await grid.call('/nothing.js', { key: null }), 'route-unknown');
});

test('PA4: a page that is not built says so, and the API works', async () => {
  const grid = await serve();
  for (const path of ['/', '/dashboard/']) {
    const response = await grid.call(path, { key: null });
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await response.text()).toContain('npm run build');
  }
  expect((await grid.call('/v1/me')).status).toBe(200);
});
