import { request } from 'node:http';
import { ENCODING } from '@gossamer/protocol';
import { describe, expect, it } from 'vitest';
import { FORBIDDEN_DISABLED_FEATURES, FORBIDDEN_FLAGS } from '../../../scripts/lib/chromium-args.mjs';
import { LEAST_CHROMIUM as LEAST_OF_SETUP, systemCandidates } from '../../../scripts/lib/chromium-system.mjs';
import { adviceOn } from '../src/local/advice.ts';
import { flagsOf } from '../src/local/browser-process.ts';
import { LEAST_CHROMIUM, findBrowser } from '../src/local/find-browser.ts';
import { hostUnit } from '../src/local/host.ts';
import { outcomeOf } from '../src/local/outcome.ts';
import type { UnitEvent, UnitOrder } from '../src/local/wire.ts';

const ORDER: UnitOrder = {
  kind: 'js',
  memoryBytes: 65_536,
  params: 'null',
  index: 0,
  seed: 1,
  encoding: ENCODING.json,
  data: [],
  limits: { deadlineMs: 1000, resultBytes: 10 },
};

/** Asks at 127.0.0.1, whatever the host is called. */
const ask = (url: string, host: string, path: string, body?: string) =>
  new Promise<{ status: number; text: string; headers: object }>((resolve, reject) => {
    const { port } = new URL(url);
    const options = { host: '127.0.0.1', port, path, headers: { host }, method: body === undefined ? 'GET' : 'POST' };
    const asked = request(options, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode!, text, headers: response.headers }));
    });
    asked.on('error', reject);
    asked.end(body);
  });

describe('the parts of a local run', () => {
  it('LR8: the browser is the one that set-up would find, of a version that is not below its least', async () => {
    expect(LEAST_CHROMIUM).toBe(LEAST_OF_SETUP);
    const { path, version } = await findBrowser();
    const named = process.env['GOSSAMER_CHROMIUM'] ?? '';
    expect(named === '' ? systemCandidates() : [named]).toContain(path);
    expect(version).toBeGreaterThanOrEqual(LEAST_CHROMIUM);
  });

  it('LR8: no flag of the browser weakens the isolation of sites or frames', () => {
    const flags = flagsOf('/profile');
    for (const forbidden of FORBIDDEN_FLAGS) expect(flags.filter((flag) => flag.startsWith(forbidden))).toEqual([]);
    const disabled = flags.find((flag) => flag.startsWith('--disable-features='))!.split(/[=,]/);
    expect(disabled.filter((feature) => FORBIDDEN_DISABLED_FEATURES.includes(feature))).toEqual([]);
  });

  it('LR9: page and unit are there for who knows the secret, and events of others are refused', async () => {
    const heard: UnitEvent[] = [];
    const program = new TextEncoder().encode('export const run = () => 1;');
    const unit = { order: ORDER, program, input: new Uint8Array(2), data: [] };
    const host = await hostUnit(unit, (event) => heard.push(event));
    try {
      const { host: own, port, pathname } = new URL(host.url);
      expect(pathname).toMatch(/^\/[0-9a-f]{32}\/$/);
      const page = await ask(host.url, own, pathname);
      expect(page).toMatchObject({ status: 200, text: expect.stringContaining('page.js') });
      expect(page.headers).toMatchObject({ 'content-security-policy': expect.stringContaining("default-src 'none'") });
      expect(await ask(host.url, own, `${pathname}program`)).toMatchObject({ text: 'export const run = () => 1;' });
      const event = JSON.stringify({ kind: 'log', text: 'a' });
      for (const path of ['/', '/unit', '/program', '/events', `/${'0'.repeat(32)}/events`]) {
        expect([path, (await ask(host.url, own, path, event)).status]).toEqual([path, 404]);
      }
      for (const name of [`127.0.0.1:${port}`, `p1.cage.localhost.example.org:${port}`, `example.org:${port}`]) {
        expect([name, (await ask(host.url, name, `${pathname}unit`)).status]).toEqual([name, 404]);
      }
      const cage = await ask(host.url, `p1.cage.localhost:${port}`, `${pathname}unit`);
      expect(cage.text).toContain('<title>cage</title>');
      expect(heard).toEqual([]);
      await ask(host.url, own, `${pathname}events`, event);
      expect(heard).toEqual([{ kind: 'log', text: 'a' }]);
      await ask(host.url, own, `${pathname}events`, '{"kind":"nonsense"}').catch(() => undefined);
      expect(heard.at(-1)).toMatchObject({ kind: 'failed' });
    } finally {
      await host.close();
    }
  });

  it('LR4: advice is for what browsers or Node have, and for nothing else', () => {
    expect(adviceOn('ReferenceError: localStorage is not defined')).toContain('keeps nothing');
    expect(adviceOn('ReferenceError: Buffer is not defined')).toContain('Node');
    expect(adviceOn('ReferenceError: misspelt is not defined')).toBeNull();
    expect(adviceOn('RangeError: too large')).toBeNull();
  });

  it('LR4: the ends of a worker without an outcome have words of their own', () => {
    const ended = (how: Extract<UnitEvent, { kind: 'end' }>['how']): string => {
      const outcome = outcomeOf([{ kind: 'end', how, message: 'why', runMs: 1 }], 2500, null);
      return outcome.kind === 'error' ? outcome.message : '';
    };
    expect(ended('overran')).toContain('longer than 2.5 s');
    expect(ended('crashed')).toContain('died: why');
    expect(new Set(['overran', 'flooded', 'crashed', 'dead', 'stopped'].map((how) => ended(how as 'dead'))).size).toBe(
      5,
    );
  });
});
