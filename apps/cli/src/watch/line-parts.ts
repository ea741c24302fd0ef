import { printable } from '../printable.ts';
import { fit, textWidth } from '../text-width.ts';

const STYLES = { bold: '1', green: '32', yellow: '33', red: '31', dim: '2' } as const;
export type Style = keyof typeof STYLES;
/** A piece of a line; some have a colour, where the terminal has colours and its owner wants them. */
export type Piece = readonly [text: string, style?: Style];

/** A line as it is written, and the columns that it takes. */
export interface Line {
  text: string;
  width: number;
}

const LONGEST_BAR = 50;
/** Brackets of the bar, and the percentage behind it. */
const BESIDE_BAR = 9;
const GAP = '  ';

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

/** Columns that a view may use: the last one stays free, as a terminal may break the line behind it. */
const roomOf = (columns: number): number => Math.max(1, columns - 1);

/** Lines as they are drawn; those without a piece are left out. */
export const linesOf = (lines: readonly (readonly Piece[])[], columns: number, colors: boolean): Line[] =>
  lines.filter((pieces) => pieces.length > 0).map((pieces) => lineOf(pieces, roomOf(columns), colors));

/** So much of a bar is filled. */
export const bar = (part: number, columns: number): string => {
  const filled = Math.floor(part * columns);
  return `[${'#'.repeat(filled)}${'.'.repeat(columns - filled)}]`;
};

/** A bar with its percentage, as wide as the terminal lets it be. */
export const barText = (part: number, columns: number): string => {
  const barColumns = Math.max(1, Math.min(LONGEST_BAR, roomOf(columns) - BESIDE_BAR));
  return `${bar(part, barColumns)} ${`${Math.floor(100 * part)} %`.padStart(5)}`;
};

export const counted = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`;
