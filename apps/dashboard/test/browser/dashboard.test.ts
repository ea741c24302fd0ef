import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { buildPage } from '../../../../scripts/lib/page.mjs';
import { batchCases } from './cases/batches.ts';
import { connectionCases } from './cases/connection.ts';
import { jobCases } from './cases/jobs.ts';
import { keyCases } from './cases/keys.ts';
import { largeResultCases } from './cases/large-results.ts';
import { lookCases } from './cases/look.ts';
import { signerCases } from './cases/signers.ts';
import { signInCases } from './cases/sign-in.ts';
import { unitCases } from './cases/units.ts';
import { launch } from './harness/chromium.ts';

let browser: Browser;

beforeAll(async () => {
  await buildPage('apps/dashboard');
  browser = await launch();
}, 180_000);

afterAll(async () => {
  await browser.close();
});

// One file, so that one build of the page is served to all of them.
const ofBrowser = (): Browser => browser;
signInCases(ofBrowser);
jobCases(ofBrowser);
unitCases(ofBrowser);
largeResultCases(ofBrowser);
keyCases(ofBrowser);
signerCases(ofBrowser);
batchCases(ofBrowser);
connectionCases(ofBrowser);
lookCases(ofBrowser);
