/** What Playwright (1.65) turns off. Of two such flags Chromium takes the last, so ours has to name these as well. */
const OFF_BY_PLAYWRIGHT = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'msForceBrowserSignIn',
  'msEdgeUpdateLaunchServicesPreferredVersion',
];

/**
 * What hangs below the address bar is pages of its own, in a renderer that each new window starts ahead, headless or not:
 * two to three seconds of a processor a window, more than a whole test of the page needs.
 */
const OFF_BY_US = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup'];

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
  `--disable-features=${[...OFF_BY_PLAYWRIGHT, ...OFF_BY_US].join(',')}`,
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
