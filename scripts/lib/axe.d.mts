import type { Page } from 'playwright-core';

/** What axe finds wrong in the page, a line each. */
export function violations(page: Page): Promise<string[]>;

/**
 * What is wrong in light and dark and at each width: what axe finds, and what is wider than the screen. The page ends
 * at the first width, in the dark. Its context must bypass the policy where that forbids text as code.
 */
export function complaints(page: Page, view: string, widths: number[]): Promise<string[]>;
