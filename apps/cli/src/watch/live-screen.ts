import type { Line } from './line-parts.ts';

/** What is needed of a terminal's stream. */
export interface Terminal {
  columns: number;
  rows: number;
  write(text: string): unknown;
}

/**
 * A few lines at the end of a terminal, drawn anew in their place. The cursor stands at the beginning of the line below
 * them, so that whatever else is written follows them.
 */
export class LiveScreen {
  readonly #terminal: Terminal;
  /** Columns of each line that is on the screen. */
  #drawn: number[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  draw(lines: readonly Line[]): void {
    const { columns, rows } = this.#terminal;
    const shown = lines.slice(0, Math.max(1, (rows || 24) - 1));
    // A terminal that became narrower has broken what was drawn before into more rows.
    const height = this.#drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / (columns || 80))), 0);
    const home = height === 0 ? '\r' : `\x1b[${height}A\r`;
    this.#terminal.write(`${home}\x1b[J${shown.map(({ text }) => `${text}\n`).join('')}`);
    this.#drawn = shown.map(({ width }) => width);
  }
}
