import type { VNode } from 'preact';
import { count } from '../words.ts';

/** Links that choose the state whose members a list shows; the chosen one is marked. `null` stands for all of them. */
export const Filters = <State extends string>({
  label,
  states,
  chosen,
  numberOf,
  to,
}: {
  label: string;
  states: readonly (State | null)[];
  chosen: State | null;
  numberOf: (state: State | null) => number;
  to: (state: State | null) => string;
}): VNode => (
  <nav class="filters" aria-label={label}>
    {states.map((state) => (
      <a key={state ?? 'all'} class="filter" href={to(state)} aria-current={state === chosen ? 'true' : undefined}>
        {state ?? 'all'} <span>{count(numberOf(state))}</span>
      </a>
    ))}
  </nav>
);
