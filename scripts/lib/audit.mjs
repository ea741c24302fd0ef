import { NO_COUNTS } from './counts.mjs';
import { npm } from './npm.mjs';

const TIMEOUT_MS = 60_000;
/** Advisories from this grade on fail; below it they are told. */
const GRADES = ['high', 'critical'];

/** npm may write warnings around its report. */
const parsed = (text) => {
  try {
    return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
  } catch {
    return null;
  }
};

/**
 * What the report of `npm audit --json` amounts to, as the count of one test with a line for people. Without a registry
 * that answers (offline, or one without advisories) the question stays open: skipped.
 */
export const judgeAudit = (text) => {
  const report = parsed(text);
  // Of a report that is too long the end is kept: it is long because of what it found.
  if (report === null && /"severity": *"(high|critical)"/.test(text)) {
    return { counts: { ...NO_COUNTS, failed: 1 }, line: 'many; npm audit names them' };
  }
  const found = report?.metadata?.vulnerabilities;
  if (found === undefined) return { counts: { ...NO_COUNTS, skipped: 1 }, line: 'no registry could be asked' };
  const bad = Object.values(report.vulnerabilities ?? {}).filter(({ severity }) => GRADES.includes(severity));
  if (bad.length > 0) {
    const names = bad.map(({ name, severity }) => `${name} (${severity})`).join(', ');
    return { counts: { ...NO_COUNTS, failed: 1 }, line: names };
  }
  return { counts: { ...NO_COUNTS, passed: 1 }, line: `${found.total ?? 0} of a lower grade` };
};

/** Asks the registry for advisories about what is shipped: the dependencies of the lockfile without those of development. */
export const audit = async () => {
  const args = ['audit', '--json', '--omit=dev', '--fetch-retries=0', `--fetch-timeout=${TIMEOUT_MS / 2}`];
  const { output } = await npm(args, { timeoutMs: TIMEOUT_MS });
  return judgeAudit(output);
};
