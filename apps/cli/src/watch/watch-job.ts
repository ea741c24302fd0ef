import type { JobView } from '@gossamer/protocol';
import type { Job } from '@gossamer/sdk/node';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { onInterrupt } from '../interrupt.ts';
import { PaceMeter } from '../pace.ts';
import { doneOf, progressLine } from '../progress.ts';
import { LiveView } from './live-view.ts';

/** Where the states of a job that is watched go. */
interface Display {
  update(view: JobView): void | Promise<void>;
  connection?(state: 'open' | 'lost'): void;
  end?(): void;
}

const NO_PACE = { rate: null, leftMs: null };

/** A line a change, for logs: what has not changed but in pace is not told again. */
const lines = (say: (text: string) => void): Display => {
  const pace = new PaceMeter();
  let told = '';
  return {
    update(view) {
      const now = pace.at(performance.now(), doneOf(view), view.units.total);
      const plain = progressLine(view, NO_PACE);
      if (plain === told) return;
      told = plain;
      say(progressLine(view, now));
    },
  };
};

const displayOf = (cli: Cli): Display => {
  if (cli.json) return { update: (view) => cli.out.json(view) };
  if (cli.quiet) return { update: () => undefined };
  const isDumb = process.env['TERM'] === 'dumb';
  if (!process.stderr.isTTY || isDumb) return lines((text) => cli.say(text));
  return new LiveView(process.stderr, async () => (await cli.grid({ open: true }).view()).sessions);
};

/** The exit status for a job that is over. */
const statusOf = (view: JobView | null): number =>
  view !== null && view.state === 'completed' && view.units.failed === 0 ? EXIT.ok : EXIT.incomplete;

/**
 * Shows a job until it is over: live on a terminal, else a line a change, with --json an object a line on standard
 * output. Ctrl-C ends the watching, not the job. Returns the exit status.
 */
export const watchToEnd = async (cli: Cli, job: Job): Promise<number> => {
  const stop = new AbortController();
  const forget = onInterrupt(() => stop.abort());
  const display = displayOf(cli);
  const onConnection = (state: 'open' | 'lost'): void => display.connection?.(state);
  let last: JobView | null = null;
  try {
    for await (const view of job.watch({ signal: stop.signal, onConnection })) {
      await display.update(view);
      last = view;
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    display.end?.();
    cli.say(`${job.id} goes on; \`gossamer watch ${job.id}\` follows it again`);
    return EXIT.interrupted;
  } finally {
    display.end?.();
    forget();
  }
  return statusOf(last);
};
