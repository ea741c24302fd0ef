import { type FoundBrowser, findBrowser } from './find-browser.ts';
import { startBrowser } from './browser-process.ts';
import { type HostedUnit, hostUnit } from './host.ts';
import type { UnitEvent } from './wire.ts';

/** How long the browser may take to start, or to say something after the deadline, ms. */
const PATIENCE_MS = 60_000;

/** The unit, or what should have run it, came to no end that could be told. */
export class LocalRunError extends Error {
  override readonly name = 'LocalRunError';
}

export interface UnitRun {
  /** The browser's major version. */
  version: number;
}

/**
 * Runs one unit in a cage of a browser that is started for it, and tells what happens; the last event is `end`.
 * `starts` is called once it is known which browser that is. Throws UsageError where there is no browser that does,
 * LocalRunError where it does not do what it should, and what `signal` was aborted with.
 */
export const runUnit = async (
  unit: HostedUnit,
  tell: (event: UnitEvent) => void,
  signal: AbortSignal,
  starts: (browser: FoundBrowser) => void = () => undefined,
): Promise<UnitRun> => {
  const found = await findBrowser();
  signal.throwIfAborted();
  starts(found);
  let settle: { resolve(): void; reject(error: unknown): void } | undefined;
  const over = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // It may be rejected before anybody waits for it.
  over.catch(() => undefined);
  const fail = (message: string): void => settle?.reject(new LocalRunError(message));
  const host = await hostUnit(unit, (event) => {
    if (event.kind === 'failed') return fail(`the cage could not be opened: ${event.message}`);
    tell(event);
    if (event.kind === 'end') settle?.resolve();
  });
  const browser = startBrowser(found.path, host.url);
  const late = setTimeout(
    () => fail(`${found.path} said nothing for too long: it did not open the page, or is stuck`),
    unit.order.limits.deadlineMs + PATIENCE_MS,
  );
  const interrupt = (): void => settle?.reject(signal.reason);
  signal.addEventListener('abort', interrupt, { once: true });
  void browser.ended.then((said) => fail(`${found.path} ended by itself${said === '' ? '' : `: ${said}`}`));
  try {
    await over;
    return { version: found.version };
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', interrupt);
    await browser.close();
    await host.close();
  }
};
