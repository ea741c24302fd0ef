import type { Lookups } from './lookups.ts';

/** A page in some browser. */
export interface OpenedPage {
  /** The value of a script's text, awaited and copied as JSON is. Throws what the script throws. */
  evaluate<T>(expression: string): Promise<T>;
  close(): Promise<void>;
}

/** A browser that the suite drives. */
export interface SuiteBrowser {
  name: 'chromium' | 'firefox';
  version: string;
  lookups: Lookups;
  openPage(url: string): Promise<OpenedPage>;
  close(): Promise<void>;
}
