import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Device } from '../harness/device.ts';
import type { Grid } from '../harness/grid.ts';
import { startGrid } from '../harness/grid.ts';
import type { Visit } from '../harness/stage.ts';
import { go, PATIENCE, signIn, until, visit } from '../harness/stage.ts';

const THROWN = JSON.stringify({
  phase: 'run',
  message: 'RangeError: no such tone',
  stack: 'RangeError: no such tone\n    at run (program:2:9)',
  log: ['tuning to 0'],
});

/** Devices square a number, whatever the program. */
const MEAN = `export const run = (input) => input * input;
export const reduce = (acc = { n: 0, sum: 0 }, x) => ({ n: acc.n + 1, sum: acc.sum + x });
export const answer = ({ n, sum }) => ({ mean: sum / n });
`;

const datas = (page: Page, testid: string, name: string): Promise<(string | undefined)[]> =>
  page.getByTestId(testid).evaluateAll((rows, key) => rows.map((row) => row.dataset[key]), name);

export const unitCases = (browser: () => Browser): void => {
  describe('units, devices and charts', () => {
    let grid: Grid;
    let seen: Visit;
    let page: Page;
    let liar: Device;
    let squares: string;
    let failing: string;
    let mean: string;
    beforeAll(async () => {
      grid = await startGrid();
      seen = await visit(browser(), grid.url);
      page = seen.page;
      await signIn(page);
      liar = await grid.device('Liar 1 on Linux', 1);
      const honest = await Promise.all(
        ['Firefox 160 on Windows', 'Safari 27 on iPhone'].map((name) => grid.device(name, 2)),
      );
      const policy = { kind: 'quorum', quorum: 2 } as const;
      squares = (await grid.submit({ source: { kind: 'range', start: 0, stop: 60 }, policy })).id;
      liar.work((input) => -input - 1);
      await vi.waitUntil(async () => (await grid.job(squares)).attempts.returned > 0, {
        timeout: PATIENCE,
        interval: 200,
      });
      for (const device of honest) device.work((input) => input * input);
      await vi.waitUntil(async () => (await grid.job(squares)).state === 'completed', {
        timeout: PATIENCE,
        interval: 200,
      });
      liar.leave();
      const bytes = Buffer.from(MEAN);
      mean = (await grid.submit({ name: 'Mean', source: { kind: 'range', start: 0, stop: 80 } }, bytes)).id;
      await vi.waitUntil(async () => (await grid.job(mean)).state === 'completed', {
        timeout: PATIENCE,
        interval: 200,
      });
      for (const device of honest) device.leave();
      await vi.waitUntil(async () => (await grid.sessions()) === 0, { timeout: PATIENCE, interval: 200 });
      const limits = { maxErrors: 2 };
      failing = (await grid.submit({ name: 'Throws', source: { kind: 'range', start: 0, stop: 2 }, limits })).id;
      const thrower = await grid.device('Chrome 152 on CrOS', 1);
      thrower.work(() => THROWN);
      await vi.waitUntil(async () => (await grid.job(failing)).units.failed === 2, {
        timeout: PATIENCE,
        interval: 200,
      });
    }, 120_000);
    afterAll(async () => {
      expect(seen.faults).toEqual([]);
      await seen.close();
      await grid.stop();
    });

    test('DU1: units are listed by pages and by state, and the address holds both', async () => {
      await go(page, `#/jobs/${squares}`);
      await until(() => datas(page, 'unit-row', 'unit')).toEqual(Array.from({ length: 25 }, (_, n) => String(n)));
      await page.getByTestId('next-page').click();
      await until(async () => (await datas(page, 'unit-row', 'unit'))[0]).toBe('25');
      await page.getByTestId('next-page').click();
      await until(() => datas(page, 'unit-row', 'unit')).toEqual(Array.from({ length: 10 }, (_, n) => String(50 + n)));
      await page.reload();
      await until(async () => (await datas(page, 'unit-row', 'unit'))[0]).toBe('50');
      await page.getByRole('link', { name: /^failed/ }).click();
      await until(() => page.locator('.empty-title').textContent()).toBe('No unit is failed');
    });

    test('DU2: the attempts of a job are counted by outcome', async () => {
      await go(page, `#/jobs/${squares}`);
      const { attempts } = await grid.job(squares);
      expect(attempts.invalid).toBeGreaterThan(0);
      const shown = (outcome: string) => page.locator(`[data-outcome=${outcome}] td`).nth(1).textContent();
      await until(() => shown('valid')).toBe(String(attempts.valid));
      expect(await shown('invalid')).toBe(String(attempts.invalid));
    });

    test('DU3: the history of a unit tells each fact, its device and its cause, and who was outvoted', async () => {
      const lied = await Promise.all(Array.from({ length: 60 }, (_, n) => grid.unit(squares, n)));
      const unit = lied.find(({ attempts }) => attempts.some(({ state }) => state === 'invalid'))!;
      await go(page, `#/jobs/${squares}/units/${unit.index}`);
      await until(
        async () => (await datas(page, 'fact-row', 'kind')).filter((kind) => kind === 'returned').length,
      ).toBe(3);
      const kinds = await datas(page, 'fact-row', 'kind');
      expect(kinds[0]).toBe('returned');
      expect(kinds.at(-1)).toBe('judged');
      const facts = (await datas(page, 'fact-row', 'fact')).map(Number);
      expect(facts).toEqual(facts.toSorted((a, b) => a - b));
      expect(await page.getByTestId('fact-row').first().textContent()).toMatch(
        /Attempt .* returned .*caused by exchange:/,
      );
      expect((await datas(page, 'attempt-row', 'state')).toSorted((a = '', b = '') => a.localeCompare(b))).toEqual([
        'invalid',
        'valid',
        'valid',
      ]);
      const outvoted = page.locator('[data-testid=attempt-row][data-state=invalid]');
      expect(await outvoted.textContent()).toContain('Liar 1 on Linux');
      const [result] = await Promise.all([
        page.waitForEvent('popup'),
        page.getByRole('link', { name: 'Open its result' }).click(),
      ]);
      await until(() => result.textContent('body')).toContain(String(unit.index ** 2));
      await result.close();
    });

    test('DU4: a failed unit says why, in the list and in its history, with stack and log', async () => {
      await go(page, `#/jobs/${failing}?state=failed`);
      await until(() => datas(page, 'unit-row', 'state')).toEqual(['failed', 'failed']);
      expect(await page.getByTestId('unit-row').first().textContent()).toContain('RangeError: no such tone');
      await page.getByRole('link', { name: 'Unit 0' }).click();
      await until(async () => (await datas(page, 'fact-row', 'kind')).at(-1)).toBe('failed');
      const failure = page.getByTestId('failure').first();
      expect(await failure.locator('summary').textContent()).toBe('Where it failed, and 1 line that it logged');
      await failure.locator('summary').click();
      expect(await failure.textContent()).toMatch(/at run \(program:2:9\)/);
      expect(await failure.textContent()).toContain('tuning to 0');
      await go(page, `#/jobs/${failing}/units/77`);
      await until(() => page.getByRole('alert').first().textContent()).toContain('There is no such work unit');
    });

    test('DU7: a job whose results are folded tells what they come to, and how sure that is', async () => {
      await go(page, `#/jobs/${mean}`);
      // Squares of 0 to 79.
      await until(() => page.getByTestId('answer-value').textContent()).toBe('{\n  "mean": 2093.5\n}');
      const text = await page.getByTestId('answer').textContent();
      expect(text).toContain('80 of 80 results in it; no more will come.');
      expect(text).toMatch(/mean2093\.5/);
      await go(page, `#/jobs/${squares}`);
      await until(() => page.getByTestId('job').getAttribute('data-job')).toBe(squares);
      expect(await page.getByTestId('answer').count()).toBe(0);
    });

    test('DU5: devices stand with what they gave and what was made of it', async () => {
      await go(page, '#/devices');
      const row = page.locator(`[data-testid=device-row][data-device="${liar.id}"]`);
      await until(() => row.getAttribute('data-connected')).toBe('false');
      const cells = await row.locator('td').allTextContents();
      const invalid = (await grid.job(squares)).attempts.invalid;
      // Devices with other browsers alone spoke against it: it is as it came, but for this job.
      expect(cells.slice(3)).toEqual(['new0 checks survived', '0', '0', '0', String(invalid), '0', '0', '0', '0']);
      const idle = page.locator('[data-testid=device-row][data-connected=true]');
      await until(() => idle.textContent()).toContain('No job has work now.');
      expect(await idle.textContent()).toContain('chromium');
      await until(() => page.getByTestId('device-row').count()).toBe(4);
    });

    test('DU6: each chart is drawn, says its newest values, and has a table that says the same', async () => {
      await go(page, '#/');
      for (const chart of ['chart-throughput', 'chart-queue', 'chart-leased', 'chart-sessions']) {
        const figure = page.getByTestId(chart);
        await until(() => figure.locator('.legend dd').first().textContent()).toMatch(/^[\d.,<]+$/);
        const inked = await figure.locator('canvas').evaluate((element) => {
          const canvas = element as HTMLCanvasElement;
          const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
          return data.some((value, at) => at % 4 === 3 && value > 0);
        });
        expect(inked, chart).toBe(true);
        expect(await figure.locator('.plot').getAttribute('aria-hidden')).toBe('true');
        await figure.locator('summary').click();
      }
      const validated = page.getByTestId('chart-throughput').locator('tbody td:nth-child(2)');
      const hasSome = async () => (await validated.allTextContents()).some((text) => text !== '0');
      await expect.poll(hasSome, { timeout: 60_000 }).toBe(true);
    }, 120_000);
  });
};
