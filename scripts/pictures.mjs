// Takes the pictures of docs/images from the running product: a coordinator, two tabs, the example job.
// `node scripts/pictures.mjs` after a build.
import { fork, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumArgs, ensureChromium, ignoredDefaultArgs } from './lib/chromium.mjs';
import { ROOT } from './lib/say.mjs';

const OPERATOR = 'gso_only-for-the-pictures-of-the-docs';
const SUBMITTER = 'gss_only-for-the-pictures-of-the-docs';
const VIEW = { width: 1100, height: 1040 };
const images = join(ROOT, 'docs', 'images');

const data = mkdtempSync(join(tmpdir(), 'gossamer-pictures-'));
const coordinator = fork(join(ROOT, 'apps/coordinator/dist/main.js'), {
  env: {
    ...process.env,
    GOSSAMER_PORT: '0',
    GOSSAMER_DATA: data,
    GOSSAMER_LOG_LEVEL: 'warn',
    GOSSAMER_GRID_NAME: 'Gossamer example grid',
    GOSSAMER_OPERATOR: 'the Gossamer developers',
    GOSSAMER_ABOUT: 'Looks for narrow-band signals in radio observations.',
    GOSSAMER_OPERATOR_KEY: OPERATOR,
    GOSSAMER_SUBMITTER_KEY: SUBMITTER,
  },
  stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
});
const { publicUrl } = await new Promise((resolve) => coordinator.once('message', resolve));

const offer = () =>
  new Promise((resolve, reject) => {
    const args = [join(ROOT, 'examples/seti/dist/main.js'), '--url', publicUrl, '--key', SUBMITTER];
    spawn(process.execPath, args, { stdio: 'ignore' }).once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`the offer ended with ${code}`)),
    );
  });

const { path } = await ensureChromium();
const browser = await chromium.launch({
  executablePath: path,
  args: chromiumArgs(),
  ignoreDefaultArgs: ignoredDefaultArgs,
});
const openPage = async (url, colorScheme = 'light') => {
  const context = await browser.newContext({ viewport: VIEW, colorScheme });
  const page = await context.newPage();
  await page.goto(url);
  return page;
};
const shoot = (page, name) => page.screenshot({ path: join(images, `${name}.png`) });

try {
  await offer();
  const tab = await openPage(`${publicUrl}/?slots=1`);
  await tab.getByTestId('start').waitFor();
  await shoot(tab, 'consent');
  await tab.getByTestId('start').click();
  const other = await openPage(`${publicUrl}/?slots=1`);
  await other.getByTestId('start').click();
  await tab.waitForFunction(() => Number(document.querySelector('[data-testid=units-valid]')?.textContent) > 4);
  await shoot(tab, 'volunteer');

  const dashboard = await openPage(`${publicUrl}/dashboard/`);
  await dashboard.getByTestId('key-input').fill(OPERATOR);
  await dashboard.getByTestId('sign-in').click();
  await dashboard.getByTestId('job-row').first().waitFor();
  await offer();
  await dashboard.waitForTimeout(12_000);
  await shoot(dashboard, 'dashboard');
  await dashboard.goto(`${publicUrl}/dashboard/#/jobs`);
  await dashboard.getByTestId('job-row').last().getByRole('link').first().click();
  await dashboard.getByTestId('unit-row').first().waitFor();
  await dashboard.getByTestId('unit-row').first().getByRole('link').first().click();
  await dashboard.getByTestId('fact-row').first().waitFor();
  await shoot(dashboard, 'job');
} finally {
  await browser.close();
  coordinator.kill('SIGTERM');
  await new Promise((resolve) => coordinator.once('exit', resolve));
  rmSync(data, { recursive: true, force: true });
}
