import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

interface Hit {
  bin: number;
  drift: number;
  snr: number;
}

interface Outcome {
  units: number;
  validated: number;
  attempts: number;
  tabs: number;
  seconds: number;
  hits: Hit[];
  injected: number | null;
  found: number | null;
  falseHits: number | null;
}

/** Runs the demo as its user does. */
const demo = async (
  ...args: string[]
): Promise<{ code: number | null; out: string; err: string; json: Outcome | null }> => {
  const child = spawn(process.execPath, [at('examples/seti/dist/demo.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const last = out.trimEnd().split('\n').at(-1)!;
  return { code, out, err, json: last.startsWith('{') ? (JSON.parse(last) as Outcome) : null };
};

const byStrength = (hits: Hit[]): Hit[] => hits.toSorted((a, b) => b.snr - a.snr);

test(
  'E15: the demo finds every tone that was put into its synthetic observation, and no other',
  { tag: '@long' },
  async () => {
    const { code, out, err, json } = await demo('--json');
    expect(code, err).toBe(0);
    expect(err).toContain('SYNTHETIC');
    expect(out).toMatch(/units verified by \d+ attempts/);
    expect(json!.units).toBeGreaterThanOrEqual(64);
    expect(json!.validated).toBe(json!.units);
    expect(json!.attempts).toBeGreaterThanOrEqual(2 * json!.units);
    expect(json!.tabs).toBeGreaterThanOrEqual(2);
    expect(json!.seconds).toBeGreaterThan(0);
    expect(json!.injected).toBeGreaterThanOrEqual(6);
    expect(json!.found).toBe(json!.injected);
    expect(json!.falseHits).toBe(0);
    expect(json!.hits).toHaveLength(json!.injected!);
    expect(json!.hits).toEqual(byStrength(json!.hits));
  },
);

test('E15: the demo exits with another code than 0 when a tone is missed', { tag: '@long' }, async () => {
  // No tone is as strong as that.
  const { code, json } = await demo('--json', '--threshold', '1000');
  expect(code).toBe(1);
  expect(json).toMatchObject({ found: 0, falseHits: 0 });
});

test('E15: the demo finds the carrier of Voyager 1 in the real file', async () => {
  const file = at('../shared/data/voyager1/carrier_waterfall.f32');
  // Skipped where the real observation does not lie beside the clone: it may not be copied into the project, and nothing
  // that is made up could stand for it. The tests above, on synthetic observations, run everywhere.
  test.skip(
    !existsSync(file),
    'the real observation may not be copied into the project, and none lies beside this clone',
  );
  const { code, err, json } = await demo('--data', file, '--rows', '14', '--cols', '256', '--json');
  expect(code, err).toBe(0);
  expect(json).toMatchObject({ injected: null, found: null, falseHits: null, tabs: 2 });
  expect(json!.validated).toBe(json!.units);
  const [best] = json!.hits;
  expect(best!.bin).toBe(128);
  expect(best!.drift).toBeGreaterThanOrEqual(-3);
  expect(best!.drift).toBeLessThanOrEqual(-1);
  expect(json!.hits).toEqual(byStrength(json!.hits));
});

test('E15: the demo refuses a file that is not there, truncated, or of a wrong header, and says why', async () => {
  const cases: [string[], number, RegExp][] = [
    [['--data', at('no-such-file.fil')], 2, /no file/],
    [['--data', at('package.json')], 1, /data-bad-header|data-header/],
    [['--data', at('package.json'), '--rows', '16', '--cols', '1048576'], 1, /data-truncated/],
    [['--rows', '16'], 2, /--cols/],
  ];
  for (const [args, code, words] of cases) {
    const ended = await demo(...args);
    expect(ended.code, args.join(' ')).toBe(code);
    expect(ended.err).toMatch(words);
    expect(ended.out).toBe('');
  }
});
