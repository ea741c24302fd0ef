import type { Job } from '../job/job.ts';
import type { AccountSum, DeviceAccount } from './account.ts';
import type { TrustBook } from './trust-book.ts';

/** What stays of a device's account in a job that was deleted. Results that waited will never be judged. */
export type PastAccount = { device: number } & Omit<DeviceAccount, 'waiting' | 'single' | 'ledger'>;

export const pastAccountsOf = (job: Job): PastAccount[] =>
  [...job.accounts]
    .sort(([a], [b]) => a - b)
    .map(([device, { waiting, single: _single, ledger: _ledger, inconclusive, ...kept }]) => ({
      device,
      ...kept,
      inconclusive: inconclusive + waiting,
    }));

/** Comparisons that were survived in one job, or in some, and since when, ms since 1970. */
interface Earned {
  survived: number;
  at: number;
}

interface Sum extends AccountSum {
  caught: number;
  foreign: number;
  caughtAt: number;
  earned: Earned[];
}

/** Of one device: of more the oldest two become one, from the earlier of their times on. */
const MOST_EARNED = 8;

const newSum = (): Sum => ({
  valid: 0,
  invalid: 0,
  inconclusive: 0,
  revoked: 0,
  waiting: 0,
  errored: 0,
  credit: 0,
  caught: 0,
  foreign: 0,
  caughtAt: 0,
  earned: [],
});

const COUNTS = ['valid', 'invalid', 'inconclusive', 'revoked', 'errored', 'credit', 'caught', 'foreign'] as const;

/** What devices have earned in jobs that were deleted: a job's accounts move here before its log goes. */
export class Past {
  readonly #devices = new Map<number, Sum>();
  readonly #jobs = new Set<number>();
  #book: TrustBook | null = null;

  /** From now on the book has what is here, too. */
  tell(book: TrustBook): void {
    this.#book = book;
    for (const [device, sum] of this.#devices) this.#write(device, sum, 1);
  }

  /** Adds the accounts of a job, once. */
  add(job: number, accounts: readonly PastAccount[]): void {
    if (this.#jobs.has(job)) return;
    this.#jobs.add(job);
    for (const account of accounts) this.#add(account);
  }

  has(job: number): boolean {
    return this.#jobs.has(job);
  }

  of(device: number): Readonly<AccountSum> | undefined {
    return this.#devices.get(device);
  }

  /** When it was last caught in these jobs, ms since 1970; 0 when it never was. */
  caughtAt(device: number): number {
    return this.#devices.get(device)?.caughtAt ?? 0;
  }

  /** What the device had earned before it was caught, in whatever job, is worth nothing since. */
  lose(device: number, caughtAt: number): void {
    const sum = this.#devices.get(device);
    if (sum === undefined || sum.earned.every(({ at }) => at >= caughtAt)) return;
    this.#write(device, sum, -1);
    sum.earned = sum.earned.filter(({ at }) => at >= caughtAt);
    this.#write(device, sum, 1);
  }

  #add(account: PastAccount): void {
    const { device, survived, earnedAt, caughtAt } = account;
    const sum = this.#devices.get(device) ?? newSum();
    this.#write(device, sum, -1);
    this.#devices.set(device, sum);
    for (const count of COUNTS) sum[count] += account[count];
    sum.caughtAt = Math.max(sum.caughtAt, caughtAt);
    if (survived > 0) sum.earned.push({ survived, at: earnedAt });
    sum.earned = sum.earned.filter(({ at }) => at >= sum.caughtAt).sort((a, b) => a.at - b.at);
    if (sum.earned.length > MOST_EARNED) {
      const [first, second, ...rest] = sum.earned as [Earned, Earned, ...Earned[]];
      sum.earned = [{ survived: first.survived + second.survived, at: first.at }, ...rest];
    }
    this.#write(device, sum, 1);
  }

  #write(device: number, { earned, caught, foreign }: Sum, sign: 1 | -1): void {
    const survived = earned.reduce((all, one) => all + one.survived, 0);
    this.#book?.add(device, sign * survived, sign * (caught - foreign));
  }

  /** What the book has of a device from here. */
  survivedBy(device: number): number {
    return this.#devices.get(device)?.earned.reduce((all, { survived }) => all + survived, 0) ?? 0;
  }
}
