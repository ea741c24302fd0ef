import { span } from '../job-words.ts';
import type { AskedGrid } from './ask-grid.ts';

/** What a job of many units would take, from one that ran here. */
export interface Estimate {
  units: number;
  quorum: number;
  /** Attempts: units times quorum. */
  attempts: number;
  /** Run time of the one that ran here, ms. */
  unitMs: number;
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

export const estimateOf = (
  unitMs: number,
  { units, quorum }: { units: number; quorum: number },
  grid: AskedGrid,
): Estimate => {
  const attempts = units * quorum;
  const estimate = { units, quorum, attempts, unitMs, computeMs: attempts * unitMs };
  if ('away' in grid) return { ...estimate, grid: { known: false, reason: grid.away } };
  const { sessions: devices, jobs } = grid;
  // A unit goes to as many devices as have to agree.
  const wallMs = devices < quorum ? null : Math.ceil(attempts / devices) * unitMs;
  return { ...estimate, grid: { known: true, devices, otherJobs: jobs.length, wallMs } };
};

const number = (value: number): string => value.toLocaleString('en');
const counted = (count: number, one: string, more: string): string => `${number(count)} ${count === 1 ? one : more}`;
/** A run time with two digits that mean something, however short it is. */
const short = (ms: number): string => (ms < 10 ? `${Number(ms.toPrecision(2))} ms` : span(ms));

const wallWords = (grid: GridEstimate, quorum: number): string => {
  if (!grid.known) return `how long that is on the grid cannot be told: ${grid.reason}`;
  const { devices, otherJobs, wallMs } = grid;
  const connected = counted(devices, 'device is', 'devices are');
  if (wallMs === null) {
    const needed = counted(quorum, 'device', 'devices');
    return `${connected} connected now, and a unit needs ${needed} at quorum ${quorum}: as things stand it would not be done`;
  }
  const others = otherJobs === 0 ? '' : `; ${counted(otherJobs, 'other job has', 'other jobs have')} work now, too`;
  return (
    `${connected} connected now: on those it is about ${short(wallMs)}, if each runs one unit at a time, as fast as this ` +
    `machine, and for this job alone${others}`
  );
};

/** The estimate for people, a line each: what it is, what the grid makes of it, and how little it rests on. */
export const estimateLines = ({ units, quorum, attempts, unitMs, computeMs, grid }: Estimate): string[] => [
  `estimate: ${counted(units, 'unit', 'units')} at quorum ${quorum}: ${short(computeMs)} of CPU time, for ` +
    `${counted(attempts, 'attempt', 'attempts')} of ${short(unitMs)}`,
  `estimate: ${wallWords(grid, quorum)}`,
  'estimate: this rests on one run of one input on this machine; other inputs and devices differ, and lost attempts, transfers and ' +
    'waiting come on top',
];
