/** The part of a job that a progress bar shows. */
export interface Progress {
  validated: number;
  failed: number;
  total: number;
}

const WIDTH = 32;

const duration = (seconds: number): string => {
  if (!Number.isFinite(seconds)) return '--';
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
};

/** One line: bar, units, rate, time left. `seconds` since the start of the job. */
export const progressLine = ({ validated, failed, total }: Progress, seconds: number): string => {
  const done = validated + failed;
  const filled = Math.round((WIDTH * done) / total);
  const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
  const rate = seconds > 0 ? done / seconds : 0;
  const left = done === total ? 'done' : `${duration((total - done) / rate)} left`;
  return `${bar} ${done}/${total} units  ${rate.toFixed(1)}/s  ${left}`;
};

/** Redraws one line on a terminal; elsewhere writes a line at each tenth of the work. */
export class ProgressBar {
  readonly #out: NodeJS.WriteStream;
  readonly #startedAt: number;
  #tenth = -1;

  constructor(out: NodeJS.WriteStream, now: number) {
    this.#out = out;
    this.#startedAt = now;
  }

  show(progress: Progress, now: number): void {
    const line = progressLine(progress, (now - this.#startedAt) / 1000);
    if (this.#out.isTTY) {
      this.#out.write(`\r\u001B[2K${line.slice(0, this.#out.columns - 1)}`);
      return;
    }
    const tenth = Math.floor((10 * (progress.validated + progress.failed)) / progress.total);
    if (tenth === this.#tenth) return;
    this.#tenth = tenth;
    this.#out.write(`${line}\n`);
  }

  end(): void {
    if (this.#out.isTTY) this.#out.write('\n');
  }
}
