import type { LeaseSpec, Report } from '../browser/wire.ts';
import type { OpenedPage } from './page.ts';

/** The test's page, which opens cages and drives them with an engine of its own. */
export interface Tab {
  /** Calls an operation of the test's page (`open`) or engine (`engine.run`). */
  call<T>(name: string, ...args: unknown[]): Promise<T>;
  open(url: string): Promise<{ frame: number; ms: number }>;
  run(frame: number, spec: LeaseSpec): Promise<Report>;
  close(): Promise<void>;
}

/** Waits until the test's page in `page` has started. */
export const tabOf = async (page: OpenedPage): Promise<Tab> => {
  const call = <T>(name: string, ...args: unknown[]): Promise<T> => {
    const list = [name, ...args].map((arg) => JSON.stringify(arg) ?? 'undefined').join(',');
    return page.evaluate<T>(`suite(${list})`);
  };
  for (let tries = 0; (await page.evaluate('typeof suite')) !== 'function'; tries++) {
    if (tries > 200) throw new Error('the page did not start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    call,
    open: (address) => call('open', address),
    run: (frame, spec) => call('engine.run', frame, spec),
    close: () => page.close(),
  };
};
