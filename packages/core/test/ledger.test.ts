import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ledger } from '../src/trust/ledger.ts';

/** What a device returned, in order: results, and groups of checks, each check true, false or not decided yet. */
type Entry = { result: number } | { checks: Map<number, boolean | null> };

const isPending = (entry: Entry): boolean => 'checks' in entry && [...entry.checks.values()].includes(null);
const survivedIn = (entries: Entry[]): number =>
  entries.reduce((sum, entry) => sum + ('checks' in entry ? [...entry.checks.values()].filter(Boolean).length : 0), 0);
const pendingIn = (entries: Entry[]): number =>
  entries.reduce(
    (sum, entry) => sum + ('checks' in entry ? [...entry.checks.values()].filter((d) => d === null).length : 0),
    0,
  );

/** The same in plain words: a flat list, looked through from the start each time. */
class Naive {
  entries: Entry[] = [];
  get results(): number[] {
    return this.entries.flatMap((entry) => ('result' in entry ? [entry.result] : []));
  }
  remove(attempt: number): void {
    this.entries = this.entries.filter((entry) => !('result' in entry && entry.result === attempt));
  }
  check(attempts: number[]): void {
    for (const attempt of attempts) this.remove(attempt);
    this.entries.push({ checks: new Map(attempts.map((attempt) => [attempt, null])) });
  }
  decide(attempt: number, survived: boolean): void {
    for (const entry of this.entries)
      if ('checks' in entry && entry.checks.has(attempt)) entry.checks.set(attempt, survived);
  }
  settled(checks: number): number[] {
    const final: number[] = [];
    for (const [at, entry] of this.entries.entries()) {
      if (isPending(entry)) break;
      if ('checks' in entry) continue;
      const later = this.entries.slice(at + 1);
      const stop = later.findIndex(isPending);
      if (survivedIn(stop === -1 ? later : later.slice(0, stop)) >= checks) final.push(entry.result);
    }
    return final;
  }
  lacking(later: number, more: number): { results: number[]; checks: number } {
    const { results } = this;
    if (results.length === 0) return { results, checks: 0 };
    const last = this.entries.findLastIndex((entry) => 'result' in entry);
    const after = this.entries.slice(last);
    const following = survivedIn(after) + pendingIn(after);
    return { results, checks: Math.max(0, later - following, more - pendingIn(this.entries)) };
  }
}

const deed = fc.record({
  what: fc.constantFrom('accept', 'accept', 'check', 'audit', 'decide', 'decide', 'settle'),
  pick: fc.nat(1000),
  survived: fc.boolean(),
});

/** Does one thing to both; attempts are numbered as they come. */
const both = (
  ledger: Ledger,
  naive: Naive,
  { what, pick, survived }: { what: string; pick: number; survived: boolean },
  next: number,
) => {
  const open = naive.entries.flatMap((e) =>
    'checks' in e ? [...e.checks].filter(([, d]) => d === null).map(([a]) => a) : [],
  );
  const { results } = naive;
  if (what === 'accept') {
    ledger.accept(next);
    naive.entries.push({ result: next });
  } else if (what === 'check' || (what === 'audit' && results.length > 0)) {
    const attempts = what === 'check' ? [next] : [...new Set([results[pick % results.length]!, results.at(-1)!])];
    ledger.check(attempts);
    naive.check(attempts);
  } else if (what === 'decide' && open.length > 0) {
    const attempt = open[pick % open.length]!;
    ledger.decide(attempt, survived);
    naive.decide(attempt, survived);
  } else if (what === 'settle') {
    for (const attempt of ledger.settled(2)) {
      ledger.settle(attempt);
      naive.remove(attempt);
    }
  }
};

const ledgerOf = (...deeds: (number | number[])[]): Ledger => {
  const ledger = new Ledger();
  for (const what of deeds) {
    if (typeof what === 'number') ledger.accept(what);
    else ledger.check(what);
  }
  return ledger;
};

describe('the ledger of what stands on one device’s word', () => {
  it('TR1: a result may be final when so many later checks were survived, and not one sooner', () => {
    const ledger = ledgerOf(1, [10], 2, [11], 3, [12]);
    ledger.decide(10, true);
    expect(ledger.settled(2)).toEqual([]);
    ledger.decide(11, true);
    expect(ledger.settled(2)).toEqual([1]);
    ledger.decide(12, true);
    expect(ledger.settled(2)).toEqual([1, 2]);
    expect(ledger.settled(1)).toEqual([1, 2, 3]);
    expect(ledger.settled(3)).toEqual([1]);
  });

  it('TR1: a check before a result says nothing of it', () => {
    const ledger = ledgerOf([10], [11], [12], 1);
    for (const check of [10, 11, 12]) ledger.decide(check, true);
    expect(ledger.settled(1)).toEqual([]);
  });

  it('TR2: while a check between is not decided, nothing after it counts', () => {
    const ledger = ledgerOf(1, [10], 2, [11], 3, [12]);
    ledger.decide(11, true);
    ledger.decide(12, true);
    expect(ledger.settled(1)).toEqual([]);
    ledger.decide(10, true);
    expect(ledger.settled(1)).toEqual([1, 2, 3]);
  });

  it('TR2: a check whose unit ended without an answer is decided, and none that was survived', () => {
    const ledger = ledgerOf(1, [10], 2, [11]);
    ledger.decide(10, false);
    ledger.decide(11, true);
    expect([ledger.settled(1), ledger.settled(2)]).toEqual([[1, 2], []]);
  });

  it('TR1: whatever happens in whatever order, it says what a plain list says', () => {
    fc.assert(
      fc.property(
        fc.array(deed, { maxLength: 60 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(6),
        (deeds, later, more) => {
          const [ledger, naive] = [new Ledger(), new Naive()];
          for (const [at, what] of deeds.entries()) {
            both(ledger, naive, what, at);
            expect(ledger.settled(later)).toEqual(naive.settled(later));
            expect(ledger.results).toBe(naive.results.length);
            const { results, checks } = ledger.lacking(later, more);
            expect({ results: [...results].sort((a, b) => a - b), checks }).toEqual({
              ...naive.lacking(later, more),
              results: naive.results.sort((a, b) => a - b),
            });
          }
          expect(ledger.clear().sort((a, b) => a - b)).toEqual(naive.results.sort((a, b) => a - b));
          expect([ledger.isEmpty, ledger.results, ledger.settled(1)]).toEqual([true, 0, []]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('TR3: it forgets stretches in which nothing waits', () => {
    const ledger = new Ledger();
    for (let at = 0; at < 3000; at += 3) {
      ledger.accept(at);
      ledger.check([at + 1]);
      ledger.decide(at + 1, true);
      for (const attempt of ledger.settled(2)) ledger.settle(attempt);
      expect(ledger.stretches.length).toBeLessThanOrEqual(2);
    }
  });
});
