import type { ComponentChildren, VNode } from 'preact';

/** The head of a view; it takes the focus when the view is come to. */
export const Heading = ({ title, lead }: { title: string; lead?: ComponentChildren }): VNode => (
  <header class="heading">
    <h1 tabIndex={-1}>{title}</h1>
    {lead !== undefined && <p class="lead">{lead}</p>}
  </header>
);
