import { defineConfig } from '@playwright/test';
import { chromiumArgs, ensureChromium, ignoredDefaultArgs } from '../scripts/lib/chromium.mjs';

const { path } = await ensureChromium();

/**
 * Black-box tests: a real coordinator, a real Chromium, several browser contexts. Three files at a time: a test mostly
 * waits, for a process to start, a page to load or a grace to pass, and none measures anything. No retries: a test that
 * passes at the second try hides a fault.
 */
export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  fullyParallel: false,
  workers: 3,
  retries: 0,
  // What takes long is for `npm test -- --long`, and CI.
  ...(process.env['GOSSAMER_LONG'] === undefined ? { grepInvert: /@long/ } : {}),
  forbidOnly: process.env['CI'] !== undefined,
  // Only ends what hangs: conditions that never come true end a test earlier, and say so.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  use: {
    browserName: 'chromium',
    // Without a graphics card each frame of a decoration that never rests is painted by the processor, in every tab.
    contextOptions: { reducedMotion: 'reduce' },
    actionTimeout: 30_000,
    navigationTimeout: 60_000,
    screenshot: 'only-on-failure',
    trace: 'off',
    launchOptions: {
      executablePath: path,
      args: chromiumArgs(),
      ignoreDefaultArgs: ignoredDefaultArgs,
      timeout: 60_000,
    },
  },
});
