import type { Page } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import type { PageRequest } from '../grid.ts';

/** A cursor that is a number; null without one. Throws ProblemError `cursor-invalid`. */
export const numberCursor = (after: string | undefined): number | null => {
  if (after === undefined) return null;
  if (!/^\d{1,15}$/.test(after)) throw new ProblemError('cursor-invalid', after);
  return Number(after);
};

/** The first `limit` of `items`, which come in the order of a keyset, and the cursor of what follows. */
export const page = <Item, View>(
  items: Iterable<Item>,
  limit: number,
  view: (item: Item) => View,
  cursor: (item: Item) => string,
): Page<View> => {
  const views: View[] = [];
  let last: string | null = null;
  for (const item of items) {
    if (views.length === limit) return { items: views, next: last };
    views.push(view(item));
    last = cursor(item);
  }
  return { items: views, next: null };
};

/** Pages of a list that only grows: its cursor is the position. */
export const pageOfNumbered = <Item, View>(
  items: readonly Item[],
  { after, limit }: PageRequest,
  view: (item: Item) => View,
): Page<View> => {
  const start = numberCursor(after) ?? 0;
  const end = start + limit;
  return { items: items.slice(start, end).map(view), next: end < items.length ? String(end) : null };
};
