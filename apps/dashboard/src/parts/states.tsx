import type { ComponentChildren, VNode } from 'preact';
import { errorWords } from '../api/errors.ts';

export const Loading = (): VNode => (
  <p class="loading" role="status">
    Loading…
  </p>
);

/** Nothing is here: what that means, and what to do next. */
export const Empty = ({ title, children }: { title: string; children: ComponentChildren }): VNode => (
  <div class="empty">
    <p class="empty-title">{title}</p>
    {children}
  </div>
);

export const Failed = ({ error }: { error: unknown }): VNode => (
  <div class="callout bad" role="alert">
    <p>{errorWords(error)}</p>
  </div>
);
