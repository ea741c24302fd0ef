import type { JobView } from '@gossamer/protocol';
import { type Pace, duration } from '../pace.ts';
import { printable } from '../printable.ts';
import { bar, doneOf, rateText } from '../progress.ts';
import { fit, textWidth } from '../text-width.ts';

const STYLES = { bold: '1', green: '32', yellow: '33', red: '31', dim: '2' } as const;
type Style = keyof typeof STYLES;
/** A piece of a line; some have a colour, where the terminal has colours and its owner wants them. */
type Piece = readonly [text: string, style?: Style];

/** A line as it is written, and the columns that it takes. */
export interface Line {
  text: string;
  width: number;
}

export interface FrameParts {
  view: JobView;
  pace: Pace;
  /** Devices that are connected to the grid; null: not known yet. */
  devices: number | null;
  /** The connection to the coordinator is lost, and being taken up again. */
  away: boolean;
  columns: number;
  colors: boolean;
}

const LONGEST_BAR = 50;
/** Brackets of the bar, and the percentage behind it. */
const BESIDE_BAR = 9;
const GAP = '  ';

const STATE_STYLES: Record<JobView['state'], Style> = {
  running: 'green',
  completed: 'green',
  held: 'yellow',
  cancelled: 'red',
};

const painted = (text: string, style: Style | undefined, colors: boolean): string =>
  style === undefined || !colors || text === '' ? text : `\x1b[${STYLES[style]}m${text}\x1b[0m`;

/** Pieces side by side, cut where the terminal ends. */
const lineOf = (pieces: readonly Piece[], columns: number, colors: boolean): Line => {
  let text = '';
  let width = 0;
  for (const [said, style] of pieces) {
    const gap = width === 0 ? '' : GAP;
    if (columns - width - gap.length < 1) break;
    const piece = fit(printable(said), columns - width - gap.length);
    text += gap + painted(piece, style, colors);
    width += gap.length + textWidth(piece);
  }
  return { text, width };
};

const counted = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`;

/** What a live view shows of a job: a line each of its name, its bar, its units, its pace, and of what is in its way. */
export const frameOf = ({ view, pace, devices, away, columns, colors }: FrameParts): Line[] => {
  const { units, attempts, state, reason, inputs } = view;
  // The last column stays free: a terminal may break the line behind it.
  const room = Math.max(1, columns - 1);
  const part = units.total === 0 ? 0 : doneOf(view) / units.total;
  const barColumns = Math.max(1, Math.min(LONGEST_BAR, room - BESIDE_BAR));
  const percent = `${Math.floor(100 * part)} %`.padStart(5);

  const unitPieces: Piece[] = [[`${doneOf(view)}/${units.total} units${inputs === 'open' ? ' so far' : ''}`]];
  if (units.failed > 0) unitPieces.push([`${units.failed} failed`, 'red']);
  if (units.provisional > 0) unitPieces.push([`${units.provisional} provisional`, 'yellow']);
  const isOver = state === 'completed' || state === 'cancelled';
  if (!isOver) unitPieces.push([counted(attempts.leased, 'attempt out', 'attempts out')]);

  const pacePieces: Piece[] = [];
  if (pace.rate !== null) pacePieces.push([rateText(pace.rate)]);
  if (pace.leftMs !== null && inputs === 'closed' && state === 'running')
    pacePieces.push([`${duration(pace.leftMs)} left`]);
  if (devices !== null && !isOver) pacePieces.push([`${counted(devices, 'device', 'devices')} on the grid`]);

  const inTheWay: Piece[] = [];
  if (away) inTheWay.push(['the coordinator is away: waiting for it', 'yellow']);
  else if (state === 'running' && view.waiting !== null) inTheWay.push([view.waiting, 'yellow']);

  const lines: Piece[][] = [
    [
      [view.name, 'bold'],
      [state + (reason ? `: ${reason}` : ''), STATE_STYLES[state]],
    ],
    [[`${bar(part, barColumns)} ${percent}`, units.failed > 0 ? 'yellow' : 'green']],
    unitPieces,
    pacePieces,
    inTheWay,
  ];
  return lines.filter((pieces) => pieces.length > 0).map((pieces) => lineOf(pieces, room, colors));
};
