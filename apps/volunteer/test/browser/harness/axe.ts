import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { complaints } from '../../../../../scripts/lib/axe.mjs';

/** Looks at the page as it is now; see `complaints`. The context must bypass the policy: axe is made of text. */
export const inspect = async (page: Page, state: string): Promise<void> => {
  expect(await complaints(page, state, [1280, 320])).toEqual([]);
};
