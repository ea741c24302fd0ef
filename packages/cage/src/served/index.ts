export type { CageDocument } from './document.ts';
export { cageDocument } from './document.ts';
export type { PageOptions } from './page.ts';
export { engineHeaders, pageHeaders } from './page.ts';
