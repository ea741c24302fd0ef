import type { Report } from '@gossamer/core';
import type { AttemptReport, Sha256 } from '@gossamer/protocol';
import { decodeResultBlob, isBlobOutcome, OUTCOME, splitReceipt, utf8 } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import type { BlobPins } from '../upkeep/blob-pins.ts';
import { type AttemptPlace, isReceipt } from './receipts.ts';

/** Reports of a frame, of which what is named as a blob was found to have come from the attempt itself. */
export interface ProvedReports {
  reports: (Report | null)[];
  /** The large results among them, each with the position of its report. */
  sent: { report: number; place: AttemptPlace }[];
  /** Lets go of the blobs: the log names them, or nobody does. */
  letGo: () => void;
}

interface Parts {
  secret: Uint8Array;
  blobs: BlobStore;
  pins: BlobPins;
}

const isLarge = (report: Report | null): boolean =>
  report?.attempts.some(({ outcome }) => isBlobOutcome(outcome)) === true;

/** How many large results are among them. */
export const countLarge = (reports: readonly (Report | null)[]): number => {
  let count = 0;
  for (const report of reports) {
    for (const { outcome } of report?.attempts ?? []) if (isBlobOutcome(outcome)) count += 1;
  }
  return count;
};

const notSent = (attempt: AttemptReport): AttemptReport => ({
  ...attempt,
  outcome: OUTCOME.errored,
  body: utf8('Its large result counts as an error: it was not sent for this attempt.'),
});

/** It was sent, and came too late to be kept: nobody's error. */
const gone = (attempt: AttemptReport): AttemptReport => ({
  ...attempt,
  outcome: OUTCOME.released,
  body: utf8('Its large result was reported after it was given up.'),
});

/**
 * Holds each large result that a device reports against the receipt for it, and against the disk. One that was not sent, by
 * this device for this attempt, is an error of the attempt; one that is gone by now gives it back. What is reported twice is
 * looked at once.
 */
export const proveReports = async (
  { secret, blobs, pins }: Parts,
  device: number,
  reports: readonly (Report | null)[],
): Promise<ProvedReports> => {
  const sent: ProvedReports['sent'] = [];
  const pinned: (() => void)[] = [];
  const prove = async (report: Report, at: number, attempt: AttemptReport): Promise<AttemptReport> => {
    if (!isBlobOutcome(attempt.outcome)) return attempt;
    const { name, receipt } = splitReceipt(attempt.body);
    const { offset } = attempt;
    const place = { device, lease: { epoch: report.epoch, number: report.lease }, offset };
    if (!isReceipt(secret, place, name, receipt)) return notSent(attempt);
    const sha256: Sha256 = decodeResultBlob(name).sha256;
    // First, so that nobody takes it away in between.
    pinned.push(pins.pin([sha256]));
    if (!(await blobs.touch(sha256))) return gone(attempt);
    sent.push({ report: at, place });
    return { ...attempt, body: name };
  };
  const proved = await Promise.all(
    reports.map(async (report, at) => {
      if (report === null || !isLarge(report)) return report;
      const attempts: AttemptReport[] = [];
      const seen = new Map<number, AttemptReport>();
      for (const attempt of report.attempts) {
        const known = seen.get(attempt.offset);
        const proved = known ?? (await prove(report, at, attempt));
        seen.set(attempt.offset, proved);
        attempts.push(proved);
      }
      return { ...report, attempts };
    }),
  );
  return { reports: proved, sent, letGo: () => pinned.forEach((letGo) => letGo()) };
};
