import { describe, expect, it } from 'vitest';
import { addCounts, countsLine, judgeRun, playwrightCounts, vitestCounts } from '../lib/counts.mjs';

const assertions = (...statuses: string[]): { status: string }[] => statuses.map((status) => ({ status }));

describe('the counts of all runners together', () => {
  it('TE1: the closing line names what was skipped only if there is any', () => {
    expect(countsLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
    expect(countsLine({ passed: 1, failed: 2, skipped: 3 })).toBe('1 passed, 2 failed, 3 skipped');
  });

  it('TE2: counts of several runners are added', () => {
    const a = { passed: 1, failed: 2, skipped: 3 };
    expect(addCounts(a, { passed: 10, failed: 20, skipped: 30 })).toEqual({ passed: 11, failed: 22, skipped: 33 });
  });

  it('TE3: a test file of vitest that cannot be loaded counts as one failed', () => {
    const testResults = [
      { status: 'passed', assertionResults: assertions('passed', 'passed', 'pending', 'todo') },
      { status: 'failed', assertionResults: assertions('passed', 'failed') },
      { status: 'failed', assertionResults: [] },
    ];
    expect(vitestCounts({ testResults })).toEqual({ passed: 3, failed: 2, skipped: 2 });
  });

  it('TE4: a flaky test of Playwright and an error outside of tests count as failed', () => {
    const report = { stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 2 }, errors: [{}] };
    expect(playwrightCounts(report)).toEqual({ passed: 5, failed: 3, skipped: 2 });
  });

  it.each([
    ['crashed without a report', null, 1, false, 1],
    ['left no report and says all is well', null, 0, false, 1],
    ['ended badly although no test failed', { passed: 3, failed: 0, skipped: 0 }, 1, false, 1],
    ['executed nothing', { passed: 0, failed: 0, skipped: 4 }, 0, false, 1],
    ['executed nothing, having been narrowed', { passed: 0, failed: 0, skipped: 4 }, 0, true, 0],
    ['failed two', { passed: 3, failed: 2, skipped: 0 }, 1, false, 2],
    ['passed', { passed: 3, failed: 0, skipped: 0 }, 0, false, 0],
  ])('TE5: a runner that %s', (_, counts, code, mayBeEmpty, failed) => {
    expect(judgeRun(counts, code, mayBeEmpty).failed).toBe(failed);
  });
});
