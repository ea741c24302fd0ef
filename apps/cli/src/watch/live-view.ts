import type { JobView } from '@gossamer/protocol';
import { PaceMeter } from '../pace.ts';
import { doneOf } from '../progress.ts';
import { frameOf } from './live-frame.ts';
import { LiveScreen, type Terminal } from './live-screen.ts';

const TICK_MS = 1000;
const DEVICES_MS = 5000;

export interface LiveTerminal extends Terminal {
  hasColors?(): boolean;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

/** A job on a terminal, drawn anew at each change, each second, and when the terminal's size changes. */
export class LiveView {
  readonly #terminal: LiveTerminal;
  readonly #screen: LiveScreen;
  readonly #pace = new PaceMeter();
  readonly #countDevices: () => Promise<number>;
  readonly #timers: NodeJS.Timeout[];
  #view: JobView | null = null;
  #devices: number | null = null;
  #asking = false;
  #away = false;

  /** `countDevices`: how many are connected to the grid; asked for now and then. */
  constructor(terminal: LiveTerminal, countDevices: () => Promise<number>) {
    this.#terminal = terminal;
    this.#screen = new LiveScreen(terminal);
    this.#countDevices = countDevices;
    this.#timers = [setInterval(this.#draw, TICK_MS), setInterval(this.#ask, DEVICES_MS)];
    terminal.on('resize', this.#draw);
    this.#ask();
  }

  update(view: JobView): void {
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
    const pace = this.#pace.at(performance.now(), doneOf(view), view.units.total);
    const { columns } = this.#terminal;
    // NO_COLOR and TERM=dumb are seen to by Node.
    const colors = this.#terminal.hasColors?.() === true;
    const devices = this.#devices;
    this.#screen.draw(frameOf({ view, pace, devices, away: this.#away, columns: columns || 80, colors }));
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
