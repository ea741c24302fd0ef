import type { BatchView } from '@gossamer/protocol';
import { type Pace, duration } from '../pace.ts';
import { rateText } from '../progress.ts';
import { printable } from '../printable.ts';
import { AWAY, type FrameParts, devicesPiece } from './live-frame.ts';
import { type Line, type Piece, bar, barText, linesOf } from './line-parts.ts';

const BAR = 24;

/** Units of a batch that are final. */
export const batchDone = ({ units }: BatchView): number => units.validated + units.failed;

/** Units of a batch that are final, or will be: what was cancelled is neither. */
export const batchUnits = ({ units }: BatchView): number => units.total - units.cancelled;

const partOf = (view: BatchView): number => (batchUnits(view) === 0 ? 0 : batchDone(view) / batchUnits(view));

/** Its jobs by state, those states that there are. */
export const jobsText = ({ jobs: { total, ...states } }: BatchView): string => {
  const present = Object.entries(states).filter(([, count]) => count > 0);
  return `${total} ${total === 1 ? 'job' : 'jobs'}: ${present.map(([state, count]) => `${count} ${state}`).join(', ')}`;
};

/** One line about a batch: bar, units, failures, jobs by state, rate and time left. */
export const batchLine = (view: BatchView, { rate, leftMs }: Pace): string => {
  const { units, jobs } = view;
  const parts = [`${bar(partOf(view), BAR)} ${batchDone(view)}/${batchUnits(view)} units`];
  if (units.failed > 0) parts.push(`${units.failed} failed`);
  if (units.cancelled > 0) parts.push(`${units.cancelled} cancelled`);
  if (rate !== null) parts.push(rateText(rate));
  if (leftMs !== null && jobs.running > 0) parts.push(`${duration(leftMs)} left`);
  parts.push(jobsText(view));
  return printable(parts.join('  '));
};

/** What a live view shows of a batch: a line each of its name, its bar, its units, its jobs, and its pace. */
export const batchFrame = ({ view, pace, devices, away, columns, colors }: FrameParts<BatchView>): Line[] => {
  const { units, jobs } = view;
  const isOver = jobs.running + jobs.held === 0;
  const unitPieces: Piece[] = [[`${batchDone(view)}/${batchUnits(view)} units`]];
  if (units.cancelled > 0) unitPieces.push([`${units.cancelled} cancelled`, 'red']);
  if (units.failed > 0) unitPieces.push([`${units.failed} failed`, 'red']);
  if (units.provisional > 0) unitPieces.push([`${units.provisional} provisional`, 'yellow']);

  const pacePieces: Piece[] = [];
  if (pace.rate !== null) pacePieces.push([rateText(pace.rate)]);
  if (pace.leftMs !== null && jobs.running > 0) pacePieces.push([`${duration(pace.leftMs)} left`]);
  if (devices !== null && !isOver) pacePieces.push(devicesPiece(devices));

  const lines: Piece[][] = [
    [[view.name, 'bold']],
    [[barText(partOf(view), columns), units.failed > 0 ? 'yellow' : 'green']],
    unitPieces,
    [[jobsText(view), jobs.cancelled > 0 ? 'red' : jobs.held > 0 ? 'yellow' : 'green']],
    pacePieces,
    away ? [AWAY] : [],
  ];
  return linesOf(lines, columns, colors);
};
