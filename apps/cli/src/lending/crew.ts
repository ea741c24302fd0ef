import { join } from 'node:path';
import { UsageError } from '../exit-code.ts';
import { LentTab, type TabOrder } from './lent-tab.ts';
import type { Shown } from './shown.ts';

/** A tab that ended is opened again after so long, twice as long each time that it did not last, ms. */
const AGAIN_MS = 1000;
const AGAIN_MOST_MS = 60_000;
/** One that went on for so long has lasted, ms. */
const LASTED_MS = 60_000;

export interface CrewOrder extends Omit<TabOrder, 'profile'> {
  tabs: number;
  /** Each tab has a folder of its number in it; null: profiles that are removed with their tabs. */
  profile: string | null;
}

const STARTING: Shown = {
  state: 'starting',
  detail: 'its browser starts',
  credit: 0,
  verified: 0,
  waiting: 0,
  notConfirmed: 0,
};

/** Several lent tabs; one that ends by itself is opened again. */
export class Crew {
  readonly #order: CrewOrder;
  readonly #tabs: { tab: LentTab | null; last: Shown }[];
  readonly #stop = new AbortController();
  readonly #kept: Promise<void>[] = [];
  readonly #say: (text: string) => void;

  constructor(order: CrewOrder, say: (text: string) => void) {
    this.#order = order;
    this.#say = say;
    this.#tabs = Array.from({ length: order.tabs }, () => ({ tab: null, last: STARTING }));
  }

  /** Opens all of them; rejects, with none left open, where one does not come up. */
  async open(): Promise<void> {
    try {
      // One after the other: what a browser does at its start would keep the others waiting.
      for (let index = 0; index < this.#tabs.length; index++) this.#tabs[index]!.tab = await this.#openTab(index);
    } catch (error) {
      await Promise.all(this.#tabs.map(async ({ tab }) => tab?.close()));
      throw error;
    }
    this.#kept.push(...this.#tabs.map((_, index) => this.#keep(index)));
  }

  /** What the pages show now; of one that does not answer, what it showed last. */
  async shown(): Promise<Shown[]> {
    return Promise.all(
      this.#tabs.map(async (entry) => {
        const now = await entry.tab?.shown().catch(() => null);
        // While a page loads it shows nothing.
        if (now && now.state !== '') entry.last = now;
        return entry.last;
      }),
    );
  }

  /** All give their work back, and end. */
  async leave(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#tabs.map(async ({ tab }) => tab?.leave()));
    await Promise.all(this.#kept);
  }

  #openTab(index: number): Promise<LentTab> {
    const { profile } = this.#order;
    return LentTab.open({ ...this.#order, profile: profile === null ? null : join(profile, String(index + 1)) });
  }

  /** Opens a tab again each time that it ends by itself. */
  async #keep(index: number): Promise<void> {
    const entry = this.#tabs[index]!;
    const { signal } = this.#stop;
    const stopped = new Promise<null>((resolve) => {
      signal.addEventListener('abort', () => resolve(null), { once: true });
    });
    let pauseMs = AGAIN_MS;
    while (!signal.aborted) {
      const opened = performance.now();
      const tab = entry.tab;
      const why = tab === null ? 'it did not come up' : await Promise.race([tab.ended, stopped]);
      if (signal.aborted || why === null) return;
      entry.last = { ...entry.last, state: 'starting', detail: why };
      this.#say(`tab ${index + 1}: ${why}; it is opened again`);
      await tab?.close();
      entry.tab = null;
      if (performance.now() - opened > LASTED_MS) pauseMs = AGAIN_MS;
      await Promise.race([new Promise((resolve) => setTimeout(resolve, pauseMs)), stopped]);
      pauseMs = Math.min(AGAIN_MOST_MS, 2 * pauseMs);
      if (signal.aborted) return;
      const again = await this.#openTab(index).catch((error: unknown) => {
        if (error instanceof UsageError) this.#say(error.message);
        return null;
      });
      // It was asked to end meanwhile.
      if (signal.aborted) await again?.leave();
      else entry.tab = again;
    }
  }
}
