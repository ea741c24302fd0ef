/**
 * Results in the order in which a device returned them, up to a check. Whoever lies in a stretch risks that the check
 * at its end, or one of the later ones, finds it: they are picked by chance, after the results came.
 */
export interface Stretch {
  /** Attempts that are provisional. */
  readonly results: Set<number>;
  /** Attempts that other devices check; none while the stretch is still growing. */
  readonly checks: number[];
  /** Checks that have not been decided. */
  pending: number;
  survived: number;
}

/**
 * What stands on one device's word in one job: stretches of provisional results, each closed by a check, the last one
 * still growing. Follows from the facts.
 */
export class Ledger {
  readonly stretches: Stretch[] = [];

  get isEmpty(): boolean {
    return this.stretches.length === 0;
  }

  /** Attempts that are provisional. */
  get results(): number {
    return this.stretches.reduce((sum, { results }) => sum + results.size, 0);
  }

  /**
   * The last provisional results, the youngest at the end, and how many of them must be checked so that `later` checks
   * follow the others, and `more` are survived in all, if those that are not decided yet come out well.
   */
  lacking(later: number, more: number): { results: readonly number[]; checks: number } {
    const last = this.stretches.findLastIndex(({ results }) => results.size > 0);
    if (last === -1) return { results: [], checks: 0 };
    let pending = 0;
    for (const stretch of this.stretches) pending += stretch.pending;
    let following = 0;
    for (const stretch of this.stretches.slice(last)) following += stretch.pending + stretch.survived;
    const results = this.stretches.slice(0, last + 1).flatMap((stretch) => [...stretch.results]);
    return { results, checks: Math.max(0, later - following, more - pending) };
  }

  accept(attempt: number): void {
    this.#growing().results.add(attempt);
  }

  /** Closes the growing stretch with checks; those that were provisional are so no more. */
  check(attempts: readonly number[]): void {
    const stretch = this.#growing();
    for (const attempt of attempts) {
      for (const { results } of this.stretches) results.delete(attempt);
      stretch.checks.push(attempt);
    }
    stretch.pending += attempts.length;
  }

  /** A check came out well (`survived`), or its unit ended without an answer. */
  decide(attempt: number, survived: boolean): void {
    const stretch = this.stretches.find(({ checks }) => checks.includes(attempt));
    if (stretch === undefined) return;
    stretch.pending -= 1;
    if (survived) stretch.survived += 1;
    this.#trim();
  }

  /** A provisional result was settled. */
  settle(attempt: number): void {
    for (const { results } of this.stretches) if (results.delete(attempt)) break;
    this.#trim();
  }

  /** Everything in it: provisional results and checks. */
  attempts(): number[] {
    return this.stretches.flatMap(({ results, checks }) => [...results, ...checks]);
  }

  /** Gives all that is provisional, and forgets it. */
  clear(): number[] {
    return this.stretches.splice(0).flatMap(({ results }) => [...results]);
  }

  /**
   * Provisional results that may become final: those of stretches that `checks` survived checks follow, the one at
   * their own end being the first, with none undecided in between.
   */
  settled(checks: number): number[] {
    const undecided = this.stretches.findIndex((stretch) => stretch.checks.length === 0 || stretch.pending > 0);
    const decided = undecided === -1 ? this.stretches : this.stretches.slice(0, undecided);
    let following = decided.reduce((sum, { survived }) => sum + survived, 0);
    const final: number[] = [];
    for (const { results, survived } of decided) {
      if (following < checks) break;
      final.push(...results);
      following -= survived;
    }
    return final;
  }

  #growing(): Stretch {
    const last = this.stretches.at(-1);
    if (last !== undefined && last.checks.length === 0) return last;
    const next: Stretch = { results: new Set(), checks: [], pending: 0, survived: 0 };
    this.stretches.push(next);
    return next;
  }

  /** Stretches at the front without provisional results have nothing left to wait for. */
  #trim(): void {
    while (this.stretches.length > 0) {
      const [first] = this.stretches;
      if (first!.results.size > 0 || first!.pending > 0) return;
      this.stretches.shift();
    }
  }
}
