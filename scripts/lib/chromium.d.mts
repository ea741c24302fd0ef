/** A browser that can run the cage. */
export interface FoundChromium {
  path: string;
  /** Major version. */
  version: number;
}

/** The least major version of Chromium or Chrome that the cage needs. */
export const LEAST_CHROMIUM: number;

/**
 * Finds a browser without installing anything; null when there is none.
 * Throws SetupError when GOSSAMER_CHROMIUM names one that does not do.
 */
export function findChromium(rejected?: string[]): Promise<FoundChromium | null>;

/** Finds a browser, or installs one where that can be done. Throws SetupError that says exactly what to do. */
export function ensureChromium(): Promise<FoundChromium>;

/** The flags to start it with; none weakens the isolation of sites or sandboxed frames. */
export function chromiumArgs(): string[];

/** For Playwright's `ignoreDefaultArgs`: its own flags that would make a tab unlike a volunteer's. */
export const ignoredDefaultArgs: string[];
