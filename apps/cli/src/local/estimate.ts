import { span } from '../job-words.ts';
import type { AskedGrid } from './ask-grid.ts';

/** What a job of many units would take, from one that ran here. */
export interface Estimate {
  units: number;
  quorum: number;
  /** Attempts: units times quorum. */
  attempts: number;
  /** Run time of the one that ran here, ms; what is too short to be told counts as 1 ms. */
  unitMs: number;
  /** It was: times are what it takes at the most, and not about. */
  atMost: boolean;
  /** Run time of all attempts at that speed, ms. */
  computeMs: number;
  grid: GridEstimate;
}

/** What the grid as it stands now would need. */
export type GridEstimate =
  /** No coordinator answered; why. */
  | { known: false; reason: string }
  /** `wallMs`: ms, if each device runs one unit at a time, as fast as this machine, for no other job; null: never, so few are there. */
  | { known: true; devices: number; otherJobs: number; wallMs: number | null };

/** A run time is told in whole ms. */
const MEASURABLE_MS = 1;

export const estimateOf = (
  runMs: number,
  { units, quorum }: { units: number; quorum: number },
  grid: AskedGrid,
): Estimate => {
  const attempts = units * quorum;
  const unitMs = Math.max(runMs, MEASURABLE_MS);
  const estimate = { units, quorum, attempts, unitMs, atMost: runMs < MEASURABLE_MS, computeMs: attempts * unitMs };
  if ('away' in grid) return { ...estimate, grid: { known: false, reason: grid.away } };
  const { sessions: devices, jobs } = grid;
  // A unit goes to as many devices as have to agree.
  const wallMs = devices < quorum ? null : Math.ceil(attempts / devices) * unitMs;
  return { ...estimate, grid: { known: true, devices, otherJobs: jobs.length, wallMs } };
};

const number = (value: number): string => value.toLocaleString('en');
const counted = (count: number, one: string, more: string): string => `${number(count)} ${count === 1 ? one : more}`;

const wallWords = ({ grid, quorum, atMost }: Estimate): string => {
  if (!grid.known) return `how long that is on the grid cannot be told: ${grid.reason}`;
  const { devices, otherJobs, wallMs } = grid;
  const connected = counted(devices, 'device is', 'devices are');
  if (wallMs === null) {
    const needed = counted(quorum, 'device', 'devices');
    return `${connected} connected now, and a unit needs ${needed} at quorum ${quorum}: as things stand it would not be done`;
  }
  const others = otherJobs === 0 ? '' : `; ${counted(otherJobs, 'other job has', 'other jobs have')} work now, too`;
  return (
    `${connected} connected now: on those it is ${atMost ? 'under' : 'about'} ${span(wallMs)}, if each runs one unit at a time, as fast as this ` +
    `machine, and for this job alone${others}`
  );
};

/** The estimate for people, a line each: what it is, what the grid makes of it, and how little it rests on. */
export const estimateLines = (estimate: Estimate): string[] => {
  const { units, quorum, attempts, unitMs, atMost, computeMs } = estimate;
  const under = atMost ? 'under ' : '';
  return [
    `estimate: ${counted(units, 'unit', 'units')} at quorum ${quorum}: ${under}${span(computeMs)} of CPU time, for ` +
      `${counted(attempts, 'attempt', 'attempts')} of ${under}${span(unitMs)}`,
    `estimate: ${wallWords(estimate)}`,
    'estimate: this rests on one run of one input on this machine; other inputs and devices differ, and lost attempts, transfers and ' +
      'waiting come on top',
  ];
};
