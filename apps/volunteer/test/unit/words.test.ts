import { describe, expect, test } from 'vitest';
import { dataText, plural, words } from '../../src/page/words.ts';
import type { Connection, Snapshot } from '../../src/shared/snapshot.ts';

const RUNNING = {
  kind: 'running',
  job: 'j',
  submitter: 's',
  program: 'js',
  unit: 1,
  number: 1,
  position: 0,
  units: 1,
  progress: null,
  runMs: 0,
} as const;

const now = (connection: Connection, more: Partial<Snapshot> = {}): Snapshot => ({
  connection,
  paused: false,
  slots: [RUNNING],
  tally: { returned: 0, errored: 0, overran: 0 },
  unsent: 0,
  standing: null,
  refusals: [],
  trouble: null,
  ...more,
});

describe('the state in words', () => {
  test.each<[string, Snapshot]>([
    ['connecting…', now({ kind: 'connecting' })],
    ['connected', now({ kind: 'connected' })],
    ['no work right now', now({ kind: 'connected' }, { slots: [{ kind: 'idle' }, { kind: 'idle' }] })],
    ['reconnecting…', now({ kind: 'reconnecting' })],
    ['coordinator is restarting', now({ kind: 'leaving' })],
    ['paused', now({ kind: 'connected' }, { paused: true })],
    ['paused', now({ kind: 'reconnecting' }, { paused: true })],
    ['another version', now({ kind: 'mismatch' }, { paused: true })],
    ['refused', now({ kind: 'refused', reason: 'no' })],
    ['computing in another tab', now({ kind: 'elsewhere' }, { paused: true })],
  ])('VP7: says "%s"', (word, snapshot) => expect(words(snapshot).word).toBe(word));

  test('VP7: says that results are kept while the coordinator is away', () => {
    expect(words(now({ kind: 'reconnecting' }, { unsent: 1 })).detail).toContain('1 finished result is kept');
    expect(words(now({ kind: 'leaving' }, { unsent: 1200 })).detail).toContain('1,200 finished results are kept');
    expect(words(now({ kind: 'reconnecting' })).detail).not.toContain('kept');
  });

  test('VP7: says why a device is refused', () =>
    expect(words(now({ kind: 'refused', reason: 'The device is banned' })).detail).toContain('The device is banned'));

  test('VP7: counts in words', () => {
    expect(plural(1, 'unit')).toBe('1 unit');
    expect(plural(0, 'unit')).toBe('0 units');
  });
});

test('VP9: shared data is told with names, sizes and their sum; where there is none nothing is', () => {
  expect(dataText([])).toBeNull();
  expect(dataText([{ name: 'catalog', size: 73_400_320 }])).toBe('catalog (70.0 MiB)');
  const two = [
    { name: 'model', size: 2048 },
    { name: 'mask', size: 1 },
  ];
  expect(dataText(two)).toBe('model (2.0 KiB), mask (1 byte); together 2.0 KiB');
});
