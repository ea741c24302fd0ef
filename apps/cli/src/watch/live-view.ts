import { PaceMeter } from '../pace.ts';
import type { FrameParts } from './live-frame.ts';
import type { Line } from './line-parts.ts';
import { LiveScreen, type Terminal } from './live-screen.ts';

const TICK_MS = 1000;
const DEVICES_MS = 5000;

export interface LiveTerminal extends Terminal {
  hasColors?(): boolean;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

/** How something that is followed is drawn. */
export interface Drawing<View> {
  /** Units that are final, and all of them. */
  counts: (view: View) => { done: number; total: number };
  frame: (parts: FrameParts<View>) => Line[];
}

/** A job or a batch on a terminal, drawn anew at each change, each second, and when the terminal's size changes. */
export class LiveView<View> {
  readonly #drawing: Drawing<View>;
  readonly #terminal: LiveTerminal;
  readonly #screen: LiveScreen;
  readonly #pace = new PaceMeter();
  readonly #countDevices: () => Promise<number>;
  readonly #timers: NodeJS.Timeout[];
  #view: View | null = null;
  #devices: number | null = null;
  #asking = false;
  #away = false;

  /** `countDevices`: how many are connected to the grid; asked for now and then. */
  constructor(drawing: Drawing<View>, terminal: LiveTerminal, countDevices: () => Promise<number>) {
    this.#drawing = drawing;
    this.#terminal = terminal;
    this.#screen = new LiveScreen(terminal);
    this.#countDevices = countDevices;
    this.#timers = [setInterval(this.#draw, TICK_MS), setInterval(this.#ask, DEVICES_MS)];
    terminal.on('resize', this.#draw);
    this.#ask();
  }

  update(view: View): void {
    this.#view = view;
    this.#draw();
  }

  connection(state: 'open' | 'lost'): void {
    this.#away = state === 'lost';
    this.#draw();
  }

  /** What was drawn stays. */
  end(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#terminal.off('resize', this.#draw);
    this.#view = null;
  }

  readonly #draw = (): void => {
    const view = this.#view;
    if (view === null) return;
    const { done, total } = this.#drawing.counts(view);
    const pace = this.#pace.at(performance.now(), done, total);
    const { columns } = this.#terminal;
    // NO_COLOR and TERM=dumb are seen to by Node.
    const colors = this.#terminal.hasColors?.() === true;
    const devices = this.#devices;
    this.#screen.draw(this.#drawing.frame({ view, pace, devices, away: this.#away, columns: columns || 80, colors }));
  };

  readonly #ask = (): void => {
    if (this.#asking) return;
    this.#asking = true;
    const told = (devices: number | null): void => {
      this.#asking = false;
      this.#devices = devices;
      this.#draw();
    };
    // A grid that cannot say it now is told of by the connection.
    this.#countDevices().then(told, () => told(null));
  };
}
