import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { cageDocument, engineHeaders, pageHeaders } from '../../src/served/index.ts';

test('CG53: a cage document has the headers of wall 2, with the hash of its one script', () => {
  const { html, headers } = cageDocument({ pageOrigin: 'https://grid.example.org' });
  const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text]) => text!);
  expect(scripts.length).toBe(1);
  const hash = createHash('sha256').update(scripts[0]!).digest('base64');
  expect(headers['Content-Security-Policy']).toBe(
    `sandbox allow-scripts; default-src 'none'; script-src 'sha256-${hash}' blob: 'wasm-unsafe-eval'; worker-src blob:; ` +
      "connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors https://grid.example.org",
  );
  expect(headers).toMatchObject({
    'Connection-Allowlist': '();webrtc=block',
    'Origin-Agent-Cluster': '?1',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
  });
  expect(headers['Permissions-Policy']).toContain('camera=(),microphone=()');
  expect(headers['Permissions-Policy']!.split(',').length).toBe(14);
});

test('CG54: a page has the headers of wall 1', () => {
  const headers = pageHeaders({ cageOrigins: ['https://*.cage.example'], also: { 'img-src': ['blob:'] } });
  expect(headers['Content-Security-Policy']).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; " +
      "frame-src https://*.cage.example; worker-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'; " +
      "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types engine",
  );
  expect(headers['Cross-Origin-Opener-Policy']).toBe('same-origin');
  expect(engineHeaders()['Content-Security-Policy']).toContain("default-src 'none'");
});

test('CG55: what is no origin comes into no header', () => {
  for (const wrong of [
    '',
    'x',
    'https://a.example/',
    'https://a.example; script-src *',
    "'self'",
    'https://a b',
    'data:x',
    'https://a.example\r\nX: y',
    'https://A.example',
  ]) {
    expect(() => cageDocument({ pageOrigin: wrong }), wrong).toThrow(TypeError);
    expect(() => pageHeaders({ cageOrigins: [wrong] }), wrong).toThrow(TypeError);
  }
});
