/** Counts of tests: { passed, failed, skipped }. */
export const NO_COUNTS = { passed: 0, failed: 0, skipped: 0 };

export const addCounts = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

/** The closing line of a test run. */
export const countsLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/**
 * The counts of vitest's JSON report. A file that could not be loaded has no test of its own that failed: it counts as
 * one failed.
 */
export const vitestCounts = (report) => {
  const counts = { ...NO_COUNTS };
  for (const file of report.testResults) {
    const failedBefore = counts.failed;
    for (const { status } of file.assertionResults) {
      if (status === 'passed') counts.passed++;
      else if (status === 'failed') counts.failed++;
      else counts.skipped++;
    }
    if (file.status === 'failed' && counts.failed === failedBefore) counts.failed++;
  }
  return counts;
};

/**
 * The counts of Playwright's JSON report. A flaky test passed on a retry only: that is failed here. Errors outside of
 * tests (a file that cannot be loaded, a broken set-up) count as one failed each.
 */
export const playwrightCounts = ({ stats, errors }) => ({
  passed: stats.expected,
  failed: stats.unexpected + stats.flaky + errors.length,
  skipped: stats.skipped,
});

/**
 * What a runner's run amounts to. `counts` is null when it left no readable report. A run that ended badly although
 * no test failed (it crashed, was ended by its time limit, found unhandled errors) counts as one failed, and so does
 * one that executed nothing, unless `mayBeEmpty`.
 */
export const judgeRun = (counts, exitCode, mayBeEmpty) => {
  if (counts === null) return mayBeEmpty && exitCode === 0 ? NO_COUNTS : { ...NO_COUNTS, failed: 1 };
  const executed = counts.passed + counts.failed;
  if (exitCode !== 0 && counts.failed === 0 && !(mayBeEmpty && executed === 0)) return { ...counts, failed: 1 };
  if (executed === 0 && !mayBeEmpty) return { ...counts, failed: 1 };
  return counts;
};
