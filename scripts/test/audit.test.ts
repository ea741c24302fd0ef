import { expect, it } from 'vitest';
import { judgeAudit } from '../lib/audit.mjs';

const report = (...severities: string[]): string =>
  JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: Object.fromEntries(severities.map((severity, at) => [`p${at}`, { name: `p${at}`, severity }])),
    metadata: { vulnerabilities: { total: severities.length } },
  });

it.each([
  ['nothing is known', report(), { passed: 1, failed: 0, skipped: 0 }, '0 of a lower grade'],
  ['what is known is small', report('low', 'moderate'), { passed: 1, failed: 0, skipped: 0 }, '2 of a lower grade'],
  ['a hole is known', report('low', 'high'), { passed: 0, failed: 1, skipped: 0 }, 'p1 (high)'],
  ['holes are known', report('critical', 'high'), { passed: 0, failed: 1, skipped: 0 }, 'p0 (critical), p1 (high)'],
  ['the machine is offline', '{"message":"request failed","error":{}}', { passed: 0, failed: 0, skipped: 1 }, 'asked'],
  ['npm says nothing', '', { passed: 0, failed: 0, skipped: 1 }, 'asked'],
  ['npm writes beside it', `npm warn x\n${report('high')}\n`, { passed: 0, failed: 1, skipped: 0 }, 'p0'],
  ['the report is cut', '"severity": "high", }}', { passed: 0, failed: 1, skipped: 0 }, 'npm audit'],
])('TE7: when %s', (_, text, counts, words) => {
  const judged = judgeAudit(text);
  expect(judged.counts).toEqual(counts);
  expect(judged.line).toContain(words);
});
