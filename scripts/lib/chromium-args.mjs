/**
 * The flags for a headless Chromium of ours. None of them weakens the isolation of sites or sandboxed frames, on which
 * the cage stands. As root Chromium refuses to start with its process sandbox, so there it is off: the price of running
 * as root in a container, and one more reason to volunteer with one's everyday browser instead.
 */
export const chromiumArgs = () => [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Of the flags that Playwright gives Chromium by itself (1.65), those to leave out (`ignoreDefaultArgs`), so that a
 * tab is throttled, blocked and counted like a volunteer's. Playwright's list has no flag against site isolation, and
 * its `--disable-features` names no isolation feature (a test reads the flags of the running browser and counts
 * renderer processes); so the rest may stay.
 */
export const ignoredDefaultArgs = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-ipc-flooding-protection',
  '--disable-popup-blocking',
  '--disable-hang-monitor',
];

/** Flags, and features of `--disable-features`, that switch the isolation of sites or sandboxed frames off. */
export const FORBIDDEN_FLAGS = [
  '--disable-site-isolation-trials',
  '--disable-site-isolation-for-policy',
  '--disable-web-security',
  '--single-process',
  '--process-per-site',
  '--renderer-process-limit',
];
export const FORBIDDEN_DISABLED_FEATURES = [
  'IsolateSandboxedIframes',
  'IsolateOrigins',
  'site-per-process',
  'SitePerProcess',
  'OriginIsolationHeader',
  'OriginKeyedProcessesByDefault',
  'ConnectionAllowlists',
];
