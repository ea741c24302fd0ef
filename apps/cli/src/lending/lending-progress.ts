import type { Cli } from '../cli.ts';
import { printable } from '../printable.ts';
import { fit } from '../text-width.ts';
import { type Shown, lineOf } from './shown.ts';

/** Away from a terminal figures alone are told no more often than this, ms; a new state is told at once. */
const LINE_MS = 60_000;

/** States in which a tab computes nothing before somebody does something. */
const BARRED = new Set(['refused', 'another version', 'cannot verify programs', 'consent is asked for']);

const statesOf = (tabs: readonly Shown[]): string => tabs.map(({ state, detail }) => `${state}\n${detail}`).join('\n');

/** How lent tabs go: a line drawn anew on a terminal, a line now and then elsewhere, an object a change with --json. */
export class LendingProgress {
  readonly #cli: Cli;
  readonly #stream: NodeJS.WriteStream;
  #told = '';
  #states = '';
  #lineAt = Number.NEGATIVE_INFINITY;
  #isDrawn = false;

  constructor(cli: Cli, stream: NodeJS.WriteStream) {
    this.#cli = cli;
    this.#stream = stream;
  }

  async update(tabs: readonly Shown[], now: number = performance.now()): Promise<void> {
    const text = JSON.stringify({ tabs });
    if (text === this.#told) return;
    if (this.#cli.json) {
      this.#told = text;
      return this.#cli.out.json({ tabs });
    }
    if (this.#cli.quiet) return;
    const line = printable(lineOf(tabs));
    const isTerminal = this.#stream.isTTY === true;
    const states = statesOf(tabs);
    const isNew = states !== this.#states;
    if (!isTerminal && !isNew && now - this.#lineAt < LINE_MS) return;
    [this.#told, this.#states, this.#lineAt] = [text, states, now];
    if (isTerminal) this.#draw(line);
    else this.#cli.say(line);
    if (!isNew) return;
    // What keeps a tab from computing is said in a whole sentence.
    for (const detail of new Set(tabs.flatMap((tab) => (BARRED.has(tab.state) ? [tab.detail] : [])))) this.say(detail);
  }

  #draw(line: string): void {
    this.#stream.write(`\r\x1b[2K${fit(line, (this.#stream.columns || 80) - 1)}`);
    this.#isDrawn = true;
  }

  /** A sentence of its own. */
  say(text: string): void {
    this.end();
    this.#cli.say(text);
  }

  /** Leaves the terminal on a fresh line. */
  end(): void {
    if (this.#isDrawn) this.#stream.write('\n');
    this.#isDrawn = false;
  }
}
