import type { BrowserContext, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import type { Coordinator } from './coordinator.ts';
import { PATIENCE_MS, until } from './wait.ts';

/** What a tab shows as numbers. */
export type Figure = 'credit' | 'units-valid' | 'units-waiting' | 'units-invalid';

/** One tab on the volunteers' page, and what it did that a test may ask about. */
export class Tab {
  readonly page: Page;
  /** Errors that nothing caught, and violations of the content security policy. */
  readonly faults: string[] = [];
  /** Addresses of the WebSockets that were opened. */
  readonly sockets: string[] = [];
  /** Paths that were asked for. */
  readonly requests: string[] = [];
  /** Documents that were loaded into the page itself. */
  loads = 0;

  constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.faults.push(String(error)));
    page.on('console', (message) => {
      if (/content security policy|trusted ?type/i.test(message.text())) this.faults.push(message.text());
    });
    page.on('websocket', (socket) => this.sockets.push(socket.url()));
    page.on('request', (request) => this.requests.push(new URL(request.url()).pathname));
    page.on('domcontentloaded', () => this.loads++);
  }

  get context(): BrowserContext {
    return this.page.context();
  }

  /** Reads the page; nothing is lent yet unless consent was given before. */
  async visit(coordinator: Coordinator, slots = 1): Promise<void> {
    await this.page.goto(`${coordinator.url}/?slots=${slots}`);
  }

  /** Gives consent, as a person would, and waits for the connection. */
  async lend(): Promise<void> {
    await this.page.getByTestId('start').click();
    await this.connected();
  }

  connected(): Promise<void> {
    return this.says('connection', /^(connected|no work right now)$/);
  }

  async says(id: string, text: string | RegExp): Promise<void> {
    await expect(this.page.getByTestId(id)).toHaveText(text, { timeout: PATIENCE_MS });
  }

  /** Waits until the first slot is free, or runs a unit of the job with this name. */
  async slot(state: 'free' | { runs: string }): Promise<void> {
    const row = this.page.locator('.slot-list li').first();
    if (state === 'free') await expect(row).toHaveText(/free$/, { timeout: PATIENCE_MS });
    else await expect(row).toHaveText(new RegExp(`${state.runs}.*unit`), { timeout: PATIENCE_MS });
  }

  async figure(id: Figure): Promise<number> {
    const text = (await this.page.getByTestId(id).textContent()) ?? '';
    return Number(text.replaceAll(',', ''));
  }

  async shows(id: Figure, value: number): Promise<void> {
    await until(
      `${id} shows ${value}`,
      () => this.figure(id),
      (shown) => shown === value,
    );
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
