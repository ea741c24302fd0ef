import type { UnitCounts } from '@gossamer/protocol';
import type { VNode } from 'preact';
import { progressWords, segments } from '../jobs/job-words.ts';

/** How far a job is, by the states of its units. */
export const UnitsBar = ({ units }: { units: UnitCounts }): VNode => (
  <svg class="units-bar" viewBox="0 0 1 1" preserveAspectRatio="none" role="img" aria-label={progressWords(units)}>
    {segments(units).map(({ kind, from, width }) => (
      <rect key={kind} class={`bar-${kind}`} x={from} y="0" width={width} height="1" />
    ))}
  </svg>
);
