import type { VNode } from 'preact';

/** One number with what it is; within a `dl`. */
export const Figure = ({ label, value, note }: { label: string; value: string; note: string }): VNode => (
  <div class="figure">
    <dt>{label}</dt>
    <dd>
      <span class="figure-value">{value}</span>
      <span class="figure-note">{note}</span>
    </dd>
  </div>
);
