import type { JobView } from '@gossamer/protocol';
import { type Pace, duration } from '../pace.ts';
import { doneOf, rateText } from '../progress.ts';
import { type Line, type Piece, type Style, barText, counted, linesOf } from './line-parts.ts';

/** What a live view is drawn of. */
export interface FrameParts<View = JobView> {
  view: View;
  pace: Pace;
  /** Devices that are connected to the grid; null: not known yet. */
  devices: number | null;
  /** The connection to the coordinator is lost, and being taken up again. */
  away: boolean;
  columns: number;
  colors: boolean;
}

const STATE_STYLES: Record<JobView['state'], Style> = {
  running: 'green',
  completed: 'green',
  held: 'yellow',
  cancelled: 'red',
};

export const AWAY: Piece = ['the coordinator is away: waiting for it', 'yellow'];

export const devicesPiece = (devices: number): Piece => [`${counted(devices, 'device', 'devices')} on the grid`];

/** What a live view shows of a job: a line each of its name, its bar, its units, its pace, and of what is in its way. */
export const frameOf = ({ view, pace, devices, away, columns, colors }: FrameParts): Line[] => {
  const { units, attempts, state, reason, waiting, inputs } = view;
  const part = units.total === 0 ? 0 : doneOf(view) / units.total;

  const unitPieces: Piece[] = [[`${doneOf(view)}/${units.total} units${inputs === 'open' ? ' so far' : ''}`]];
  if (units.failed > 0) unitPieces.push([`${units.failed} failed`, 'red']);
  if (units.provisional > 0) unitPieces.push([`${units.provisional} provisional`, 'yellow']);
  const isOver = state === 'completed' || state === 'cancelled';
  if (!isOver) unitPieces.push([counted(attempts.leased, 'attempt out', 'attempts out')]);

  const pacePieces: Piece[] = [];
  if (pace.rate !== null) pacePieces.push([rateText(pace.rate)]);
  // Of what is still to come nobody knows how much it is; and what a job that waits was paced at says nothing of its end.
  if (pace.leftMs !== null && inputs === 'closed' && state === 'running' && waiting === null)
    pacePieces.push([`${duration(pace.leftMs)} left`]);
  if (devices !== null && !isOver) pacePieces.push(devicesPiece(devices));

  const inTheWay: Piece[] = [];
  if (away) inTheWay.push(AWAY);
  else if (state === 'running' && waiting !== null) inTheWay.push([waiting, 'yellow']);

  return linesOf(
    [
      [
        [view.name, 'bold'],
        [state + (reason ? `: ${reason}` : ''), STATE_STYLES[state]],
      ],
      [[barText(part, columns), units.failed > 0 ? 'yellow' : 'green']],
      unitPieces,
      pacePieces,
      inTheWay,
    ],
    columns,
    colors,
  );
};
