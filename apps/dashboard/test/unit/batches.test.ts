import { BatchView } from '@gossamer/protocol';
import { describe, expect, test } from 'vitest';
import { batchWord, cancelWords, holdWords, jobsWords, openJobs } from '../../src/batches/batch-words.ts';
import { keptWords } from '../../src/jobs/kept-words.ts';
import { bytes } from '../../src/words.ts';

const NONE = { running: 0, held: 0, completed: 0, cancelled: 0, deleted: 0 };

const batch = (jobs: Partial<typeof NONE>, units: Partial<BatchView['units']> = {}): BatchView =>
  BatchView.parse({
    id: 'batch_017f22e2-79b0-7cc3-98c4-dc0c0c073990',
    name: 'nights',
    submitter: 'Sue',
    createdAt: 1,
    jobs: { ...NONE, ...jobs, total: Object.values(jobs).reduce((sum, count) => sum + count, 0) },
    units: { total: 0, pending: 0, active: 0, provisional: 0, validated: 0, failed: 0, cancelled: 0, ...units },
  });

describe('a batch in words', () => {
  test('DM4: its jobs are told by state, those states that there are', () => {
    expect(jobsWords(batch({ running: 2, held: 1, completed: 1200 }))).toBe(
      '1,203 jobs: 2 running, 1 held and 1,200 completed',
    );
    expect(jobsWords(batch({ deleted: 1 }))).toBe('1 job: 1 deleted');
  });

  test('DM4: it runs while a job of it does, is held where all open ones are, and has ended else', () => {
    expect(batchWord(batch({ running: 1, held: 3 })).word).toBe('running');
    expect(batchWord(batch({ held: 3, completed: 1 })).word).toBe('held');
    expect(batchWord(batch({ cancelled: 1, completed: 1, deleted: 1 })).word).toBe('ended');
  });

  test('DM3: an order says how many jobs it would touch, and what it gives up', () => {
    const some = batch(
      { running: 2, held: 1, completed: 1, deleted: 1 },
      { total: 9, pending: 3, active: 1, provisional: 1 },
    );
    expect(openJobs(some)).toBe(3);
    expect(cancelWords(some)).toBe(
      '3 jobs of 5 would be cancelled, and 5 units given up for good. 2 jobs have ended already and stay as they are.',
    );
    expect(cancelWords(batch({ running: 1, cancelled: 1 }))).toContain('1 job has ended already and stays as it is.');
    expect(cancelWords(batch({ running: 1 }))).toBe('1 job of 1 would be cancelled, and 0 units given up for good.');
    expect(holdWords(some)).toMatch(/^2 jobs of 5 would be held\. /);
  });
});

describe('how long a job is kept', () => {
  const now = 1_800_000_000_000;

  test('DO9: it is told in words before the end and after it', () => {
    expect(keptWords({ retention: null, expiresAt: null }, now)).toBe('Until somebody deletes it.');
    expect(keptWords({ retention: 30, expiresAt: null }, now)).toMatch(
      /^For 30 days after its end: then it is deleted/,
    );
    expect(keptWords({ retention: 1, expiresAt: null }, now)).toMatch(/^For 1 day after its end/);
    expect(keptWords({ retention: 0.5, expiresAt: null }, now)).toMatch(/^For 12 h after its end/);
    expect(keptWords({ retention: 0, expiresAt: null }, now)).toMatch(/^Until its end/);
    expect(keptWords({ retention: 3, expiresAt: now + 3 * 86_400_000 }, now)).toMatch(
      /^Until 2027-.*, in 3 days: then/,
    );
    expect(keptWords({ retention: 3, expiresAt: now - 1 }, now)).toContain('any moment now');
  });
});

test('DW6: bytes are told in the unit that fits them', () => {
  expect([0, 1, 1023, 1024, 1536, 1024 ** 2 - 1, 73_400_320, 4 * 1024 ** 3, 5 * 1024 ** 5].map(bytes)).toEqual([
    '0 bytes',
    '1 byte',
    '1,023 bytes',
    '1.0 KiB',
    '1.5 KiB',
    '1024.0 KiB',
    '70.0 MiB',
    '4.0 GiB',
    '5120.0 TiB',
  ]);
});
