/** One case, and all that was wrong of it: nothing where the walls held. */
export interface Judged {
  name: string;
  family: string;
  wrong: readonly string[];
  /** What is wrong here is known, and cannot be stopped in this browser. */
  isOpen?: boolean;
}

export type Tell = (judged: Judged) => void;

export interface CaseReport {
  name: string;
  family: string;
  outcome: 'passed' | 'failed' | 'open';
  /** What was wrong; left out where nothing was. */
  wrong?: readonly string[];
}

/** What `npm run test:cage -- --json` ends with. */
export interface SuiteReport {
  browser: string;
  version: string;
  /** The walls that were taken away. */
  without: string[];
  passed: number;
  failed: number;
  /** Cases that this browser has nothing to stop with, as docs/security.md says. */
  open: number;
  /** Requests, connections and packets that reached the attacker's servers, in all. */
  attackerHits: number;
  cases: CaseReport[];
}

/** A hit came after its case was judged, or before. */
export const strayHits = (attackerHits: number, cases: readonly CaseReport[]): Judged[] => {
  const told = cases.flatMap(({ wrong = [] }) => wrong).filter((line) => line.startsWith('the attacker got')).length;
  const stray = attackerHits - told;
  return stray > 0
    ? [{ name: 'hits of no case', family: 'attacker', wrong: [`${stray} more reached the attacker`] }]
    : [];
};

export const caseReport = ({ name, family, wrong, isOpen = false }: Judged): CaseReport => {
  if (wrong.length === 0) return { name, family, outcome: 'passed' };
  return { name, family, outcome: isOpen ? 'open' : 'failed', wrong };
};

const MARKS = { passed: '✓', failed: '✗', open: 'o' } as const;

/** A case for a person: how it ended, and below it what was wrong. */
export const caseLines = ({ name, family, outcome, wrong = [] }: CaseReport): string =>
  [`${MARKS[outcome]} ${family}: ${name}`, ...wrong.map((line) => `    ${line}`), ''].join('\n');
