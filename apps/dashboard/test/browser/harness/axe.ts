import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { complaints } from '../../../../../scripts/lib/axe.mjs';

/** Looks at the page as it is now; see `complaints`. The visit must bypass the policy. */
export const inspect = async (page: Page, view: string): Promise<void> => {
  expect(await complaints(page, `dashboard-${view}`, [1280, 360, 320])).toEqual([]);
};
