import type { VNode } from 'preact';

/** The sign of the grid: threads between points. */
export const Mark = (): VNode => (
  <svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">
    <path class="mark-far" d="M4 4 28 28M4 16h24M16 4v24M28 4 4 28" />
    <path d="M16 10q1 4 6 6q-5 2-6 6q-1-4-6-6q5-2 6-6z" />
    <path d="M16 4.500q3 8 11.500 11.500q-8.500 3.500-11.500 11.500q-3-8-11.500-11.500q8.500-3.500 11.500-11.500z" />
  </svg>
);
