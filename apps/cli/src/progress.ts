import type { JobView } from '@gossamer/protocol';
import { printable } from './printable.ts';

const LINE_MS = 10_000;
const BAR = 24;

/** Units over time, from what was seen so far. */
export interface Pace {
  /** Units a second; null while too little was seen. */
  rate: number | null;
  leftMs: number | null;
}

export const paceOf = (done: number, total: number, firstDone: number, elapsedMs: number): Pace => {
  if (elapsedMs < 1000 || done <= firstDone) return { rate: null, leftMs: null };
  const rate = ((done - firstDone) * 1000) / elapsedMs;
  return { rate, leftMs: ((total - done) * 1000) / rate };
};

/** One line about a job: bar, units, rate, time left, and why it waits. */
export const progressLine = (view: JobView, { rate, leftMs }: Pace): string => {
  const { total, validated, failed } = view.units;
  const done = validated + failed;
  const filled = total === 0 ? 0 : Math.floor((done * BAR) / total);
  const parts = [`[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ${done}/${total} units`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (rate !== null) parts.push(`${rate.toFixed(rate < 10 ? 1 : 0)}/s`);
  if (leftMs !== null && view.state === 'running') parts.push(`${duration(leftMs)} left`);
  if (view.state !== 'running') parts.push(view.state + (view.reason ? `: ${view.reason}` : ''));
  else if (view.waiting !== null) parts.push(view.waiting);
  return printable(parts.join('  '));
};

export const duration = (ms: number): string => {
  const seconds = Math.ceil(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
};

/** Progress on standard error: one line drawn anew on a terminal, otherwise a line now and then. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #quiet: boolean;
  #first: { at: number; done: number } | null = null;
  #lineAt = Number.NEGATIVE_INFINITY;
  #drawn = '';

  constructor(stream: NodeJS.WriteStream, quiet: boolean) {
    this.#stream = stream;
    this.#quiet = quiet;
  }

  update(view: JobView, now: number = performance.now()): void {
    if (this.#quiet) return;
    const done = view.units.validated + view.units.failed;
    this.#first ??= { at: now, done };
    const line = progressLine(view, paceOf(done, view.units.total, this.#first.done, now - this.#first.at));
    const over = view.state === 'completed' || view.state === 'cancelled';
    if (this.#stream.isTTY === true) {
      this.#drawn = line.slice(0, (this.#stream.columns || 80) - 1);
      this.#stream.write(`\r\x1b[2K${this.#drawn}`);
    } else if (over || now - this.#lineAt >= LINE_MS) {
      this.#lineAt = now;
      this.#stream.write(`${line}\n`);
    }
  }

  /** Leaves the terminal on a fresh line. */
  end(): void {
    if (this.#drawn !== '') this.#stream.write('\n');
    this.#drawn = '';
  }
}
