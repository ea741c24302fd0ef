import { defineConfig } from '@playwright/test';
import { chromiumArgs, ensureChromium, ignoredDefaultArgs } from '../scripts/lib/chromium.mjs';

const { path } = await ensureChromium();

/**
 * Black-box tests: a real coordinator, a real Chromium, several browser contexts. One at a time: each starts its own
 * coordinator and measures nothing, so what counts on a small machine is that they do not starve one another. No
 * retries: a test that passes at the second try hides a fault.
 */
export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  fullyParallel: false,
  workers: 1,
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  use: {
    browserName: 'chromium',
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
