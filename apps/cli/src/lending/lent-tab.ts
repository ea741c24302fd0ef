import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, type Page, chromium } from 'playwright-core';
import { chromiumArgs, ignoredDefaultArgs } from '../../../../scripts/lib/chromium.mjs';
import { UsageError } from '../exit-code.ts';
import { type Shown, readShown } from './shown.ts';

/** How long the page may take to come up, or to give its work back, ms. */
const PATIENCE_MS = 60_000;
const LEAVE_MS = 10_000;

/** Why a browser did not start, from Playwright's report of many lines. */
const startFault = (error: unknown): string => {
  const report = (error as Error).message;
  return /in existing browser session|ProcessSingleton|SingletonLock/.test(report)
    ? 'another browser has this profile open'
    : (/FATAL:[^\]]*\] (.*)/.exec(report)?.[1] ?? report.split('\n', 1)[0]!);
};

export interface TabOrder {
  /** The browser. */
  path: string;
  /** The coordinator's address. */
  url: string;
  /** Units at once; undefined: half of the processors, or what this profile had before. */
  slots: number | undefined;
  /** The folder in which the browser keeps its device's key; null: one that is removed with the tab. */
  profile: string | null;
}

/** The volunteer's page in a browser without a window, which has a profile, and so a device, of its own. */
export class LentTab {
  readonly #context: BrowserContext;
  readonly #page: Page;
  readonly #remove: () => Promise<void>;
  /** Settles when the page, or its browser, has ended by itself, with what happened. */
  readonly ended: Promise<string>;

  private constructor(context: BrowserContext, page: Page, remove: () => Promise<void>) {
    this.#context = context;
    this.#page = page;
    this.#remove = remove;
    this.ended = new Promise((resolve) => {
      page.once('crash', () => resolve('its renderer ended'));
      context.once('close', () => resolve('its browser ended'));
    });
  }

  /**
   * Opens the page, and gives consent as a person would. Throws UsageError where the browser does not start (its profile may
   * be in use), or the page says that nothing can run at this address; Error where the page does not come up.
   */
  static async open({ path, url, slots, profile }: TabOrder): Promise<LentTab> {
    const folder = profile ?? (await mkdtemp(join(tmpdir(), 'gossamer-browser-')));
    const remove = async (): Promise<void> => {
      if (profile !== null) return;
      // Helpers of a browser that has ended may still write there; what cannot be removed is no reason to fail.
      const options = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 };
      await rm(folder, options).catch(() => undefined);
    };
    try {
      const context = await chromium
        .launchPersistentContext(folder, {
          executablePath: path,
          args: chromiumArgs(),
          ignoreDefaultArgs: ignoredDefaultArgs,
          // Nobody looks at it: what moves for the eye only would take time from the units.
          reducedMotion: 'reduce',
          // The page is to give its work back first.
          handleSIGINT: false,
          handleSIGTERM: false,
          handleSIGHUP: false,
        })
        .catch((error: unknown) => {
          throw new UsageError(
            `${path} does not start${profile === null ? '' : ` on ${profile}`}: ${startFault(error)}`,
          );
        });
      try {
        const page = context.pages()[0] ?? (await context.newPage());
        const tab = new LentTab(context, page, remove);
        await tab.#consent(url, slots);
        return tab;
      } catch (error) {
        await context.close();
        throw error;
      }
    } catch (error) {
      await remove();
      throw error;
    }
  }

  async #consent(url: string, slots: number | undefined): Promise<void> {
    const page = this.#page;
    page.setDefaultTimeout(PATIENCE_MS);
    const query = slots === undefined ? '' : `?slots=${slots}`;
    const answer = await page.goto(`${url.replace(/\/+$/, '')}/${query}`);
    if (answer?.ok() !== true) {
      throw new UsageError(
        `the coordinator at ${url} has no volunteer's page (status ${answer?.status() ?? 'unknown'})`,
      );
    }
    const [start, insecure] = [page.getByTestId('start'), page.getByTestId('insecure')];
    // A profile that gave its consent before goes on at once.
    await start.or(insecure).or(page.getByTestId('connection')).first().waitFor();
    if (await insecure.isVisible()) {
      throw new UsageError(
        `browsers compute for a page only over https, or on the coordinator's own machine by http://localhost: ${url} is neither`,
      );
    }
    if (await start.isVisible()) await start.click();
  }

  /** What the page shows. */
  shown(): Promise<Shown> {
    return this.#page.evaluate(readShown);
  }

  /** Gives unfinished work back, then ends the browser. */
  async leave(): Promise<void> {
    const left = async (): Promise<void> => {
      await this.#page.getByTestId('leave').dispatchEvent('click', undefined, { timeout: LEAVE_MS });
      await this.#page.getByTestId('connection').waitFor({ state: 'detached', timeout: LEAVE_MS });
    };
    // A page that hangs, or has ended, gives nothing back: the coordinator misses it by itself.
    await left().catch(() => undefined);
    await this.close();
  }

  /** Ends the browser at once. */
  async close(): Promise<void> {
    await this.#context.close().catch(() => undefined);
    await this.#remove();
  }
}
