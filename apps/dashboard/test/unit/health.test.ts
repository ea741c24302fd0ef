import { expect, test } from 'vitest';
import { capacity, health, outOfTouch, silentMs, troubled } from '../../src/health.ts';
import { aDevice, aJob, aSample, jobId, waitsForAnother } from './fixtures.ts';

const busy = aJob({ attempts: { leased: 4 } });
const second = (n: number): number => n * 1000;

test('DH1: work without volunteers is told first', () => {
  const seen = health({ jobs: [aJob({ waiting: 'No volunteer is connected.' })], sessions: 0, samples: [] });
  expect(seen).toMatchObject({ tone: 'bad', word: 'nobody computes' });
  expect(seen.detail).toContain('no volunteer is connected');
});

test('DH2: leases that bring nothing for longer than the deadline are a standstill', () => {
  const samples = Array.from({ length: 200 }, (_, n) => aSample(second(n), { leased: 4, returned: n < 60 ? 1 : 0 }));
  expect(silentMs(samples)).toBe(139_000);
  expect(health({ jobs: [busy], sessions: 2, samples }).word).toBe('standing still');
  const patient = { ...busy, limits: { ...busy.limits, deadlineMs: 600_000 } };
  expect(health({ jobs: [patient], sessions: 2, samples }).word).toBe('healthy');
});

test('DH3: silence is counted from the first lease, not from the start', () => {
  const samples = Array.from({ length: 200 }, (_, n) => aSample(second(n), { leased: n < 190 ? 0 : 4 }));
  expect(silentMs(samples)).toBe(9000);
  expect(silentMs(samples.slice(0, 100))).toBeNull();
  expect(silentMs([])).toBeNull();
});

test('DH4: stuck jobs and failed units need a look; a healthy or idle grid says so', () => {
  const stuckJob = aJob({ ...waitsForAnother('device') });
  expect(health({ jobs: [stuckJob], sessions: 1, samples: [] })).toMatchObject({ tone: 'warn', word: 'needs a look' });
  const failing = aJob({ units: { failed: 1 }, attempts: { leased: 1 } });
  expect(health({ jobs: [failing], sessions: 1, samples: [] }).detail).toContain('units of 1 running job have failed');
  expect(health({ jobs: [busy], sessions: 1, samples: [] }).word).toBe('healthy');
  expect(health({ jobs: [aJob({ state: 'completed' })], sessions: 0, samples: [] }).word).toBe('idle');
});

test('DH5: what to look at is what is held, stuck or loses units', () => {
  const held = aJob({ id: jobId(1), state: 'held' });
  const inLine = aJob({ id: jobId(2), waiting: 'It waits for a free slot; other jobs are served first.' });
  const failing = aJob({ id: jobId(3), units: { failed: 1 } });
  expect(troubled([busy, held, inLine, failing]).map(({ id }) => id)).toEqual([held.id, failing.id]);
});

test('DH6: what was healthy is not called so while nobody answers', () => {
  const seen = outOfTouch({ tone: 'good', word: 'healthy', detail: '' }, 0);
  expect(seen).toMatchObject({ tone: 'bad', word: 'out of touch' });
  expect(seen.detail).toMatch(/At \d\d:\d\d:\d\d the word was: healthy\./);
});

test('DH7: the slots of devices that are away count not', () => {
  const devices = [aDevice(), aDevice({ connected: false, slots: 8 }), aDevice({ slots: 1, leased: 1 })];
  expect(capacity(devices)).toEqual({ connected: 2, slots: 5, leased: 3 });
});
