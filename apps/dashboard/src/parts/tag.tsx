import type { VNode } from 'preact';
import type { Tone } from '../jobs/job-words.ts';

/** A state as a word with a mark; the colour says nothing that the word does not. */
export const Tag = ({ word, tone }: { word: string; tone: Tone }): VNode => (
  <span class={`tag ${tone}`}>
    <span class="dot" aria-hidden="true" />
    {word}
  </span>
);
