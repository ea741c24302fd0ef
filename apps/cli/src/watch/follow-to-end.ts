import type { WatchOptions } from '@gossamer/sdk/node';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { onInterrupt } from '../interrupt.ts';
import { type Pace, PaceMeter } from '../pace.ts';
import { type Drawing, LiveView } from './live-view.ts';

/** Something that goes on until it has ended, and how it is shown. */
export interface Followed<View> extends Drawing<View> {
  watch(options: WatchOptions): AsyncIterable<View>;
  /** One line about it, for logs. */
  line: (view: View, pace: Pace) => string;
  /** The exit status of its end; of what was never seen, null. */
  status(last: View | null): number;
  /** What is said when the following is interrupted. */
  goesOn: string;
}

/** Where the states of what is followed go. */
interface Display<View> {
  update(view: View): void | Promise<void>;
  connection?(state: 'open' | 'lost'): void;
  end?(): void;
}

const NO_PACE = { rate: null, leftMs: null };

/** Figures alone are told no more often than this, ms. */
const LINE_MS = 10_000;

/** A line without its figures, and the bar that they draw. */
const withoutFigures = (line: string): string => line.replace(/^\[.*?\]|\d+/g, '');

/**
 * Lines for logs: at once what is new beside figures (the state, why it waits, that units fail), figures now and then, and at the
 * end the last of them.
 */
export const watchLines = <View>(
  { counts, line }: Pick<Followed<View>, 'counts' | 'line'>,
  say: (text: string) => void,
  clock: () => number = () => performance.now(),
): { update(view: View): void; end(): void } => {
  const pace = new PaceMeter();
  let told = '';
  let toldAt = Number.NEGATIVE_INFINITY;
  let untold: string | null = null;
  return {
    update(view) {
      const now = clock();
      const { done, total } = counts(view);
      const paced = pace.at(now, done, total);
      const plain = line(view, NO_PACE);
      if (plain === told) return;
      untold = line(view, paced);
      if (withoutFigures(plain) === withoutFigures(told) && now - toldAt < LINE_MS) return;
      [told, toldAt] = [plain, now];
      say(untold);
      untold = null;
    },
    end() {
      if (untold !== null) say(untold);
      untold = null;
    },
  };
};

const displayOf = <View>(cli: Cli, followed: Followed<View>): Display<View> => {
  if (cli.json) return { update: (view) => cli.out.json(view) };
  if (cli.quiet) return { update: () => undefined };
  const isDumb = process.env['TERM'] === 'dumb';
  if (!process.stderr.isTTY || isDumb) return watchLines(followed, (text) => cli.say(text));
  return new LiveView(followed, process.stderr, async () => (await cli.grid({ open: true }).view()).sessions);
};

/**
 * Shows what is followed until it has ended: live on a terminal, else in lines, with --json an object a line on
 * standard output. Ctrl-C ends the following, and not what is followed. Returns the exit status.
 */
export const followToEnd = async <View>(cli: Cli, followed: Followed<View>): Promise<number> => {
  const stop = new AbortController();
  const forget = onInterrupt(() => stop.abort());
  const display = displayOf(cli, followed);
  const onConnection = (state: 'open' | 'lost'): void => display.connection?.(state);
  let last: View | null = null;
  try {
    for await (const view of followed.watch({ signal: stop.signal, onConnection })) {
      await display.update(view);
      last = view;
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    display.end?.();
    cli.say(followed.goesOn);
    return EXIT.interrupted;
  } finally {
    display.end?.();
    forget();
  }
  return followed.status(last);
};
