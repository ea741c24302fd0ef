import type { JobView } from '@gossamer/protocol';
import { type Pace, PaceMeter, duration } from './pace.ts';
import { printable } from './printable.ts';
import { fit } from './text-width.ts';
import { bar } from './watch/line-parts.ts';

const LINE_MS = 10_000;
const BAR = 24;

/** Units of a job that are final. */
export const doneOf = ({ units }: JobView): number => units.validated + units.failed;

/** One line about a job: bar, units, rate, time left, and why it waits. */
export const progressLine = (view: JobView, { rate, leftMs }: Pace): string => {
  const { total, failed } = view.units;
  const done = doneOf(view);
  const so = view.inputs === 'open' ? ' so far' : '';
  const parts = [`${bar(total === 0 ? 0 : done / total, BAR)} ${done}/${total} units${so}`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (rate !== null) parts.push(rateText(rate));
  // Of what is still to come nobody knows how much it is; and what a job that waits was paced at says nothing of its end.
  const isKnown = leftMs !== null && view.inputs === 'closed' && view.state === 'running' && view.waiting === null;
  if (isKnown) parts.push(`${duration(leftMs)} left`);
  if (view.state !== 'running') parts.push(view.state + (view.reason ? `: ${view.reason}` : ''));
  else if (view.waiting !== null) parts.push(view.waiting);
  return printable(parts.join('  '));
};

export const rateText = (rate: number): string => `${rate.toFixed(rate < 10 ? 1 : 0)}/s`;

/** Why a job waits; its numbers may change with each look. */
const reasonOf = ({ waiting }: JobView): string | null => waiting?.replace(/\d+/g, '') ?? null;

/** Progress on standard error: one line drawn anew on a terminal, otherwise a line now and then. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #quiet: boolean;
  readonly #pace = new PaceMeter();
  #lineAt = Number.NEGATIVE_INFINITY;
  /** Why it waited as of the last line. */
  #reason: string | null = null;
  #drawn = '';

  constructor(stream: NodeJS.WriteStream, quiet: boolean) {
    this.#stream = stream;
    this.#quiet = quiet;
  }

  update(view: JobView, now: number = performance.now()): void {
    if (this.#quiet) return;
    const line = progressLine(view, this.#pace.at(now, doneOf(view), view.units.total));
    const over = view.state === 'completed' || view.state === 'cancelled';
    if (this.#stream.isTTY === true) {
      this.#drawn = fit(line, (this.#stream.columns || 80) - 1);
      this.#stream.write(`\r\x1b[2K${this.#drawn}`);
    } else if (over || now - this.#lineAt >= LINE_MS || reasonOf(view) !== this.#reason) {
      // Before its first input a job that is made while they come has nothing to say.
      if (!over && view.inputs === 'open' && view.units.total === 0) return;
      this.#lineAt = now;
      this.#reason = reasonOf(view);
      this.#stream.write(`${line}\n`);
    }
  }

  /** Takes its line off the terminal, which something else is to be written to; the next update draws it again. */
  clear(): void {
    if (this.#drawn !== '') this.#stream.write('\r\x1b[2K');
    this.#drawn = '';
  }

  /** Leaves the terminal on a fresh line. */
  end(): void {
    if (this.#drawn !== '') this.#stream.write('\n');
    this.#drawn = '';
  }
}
