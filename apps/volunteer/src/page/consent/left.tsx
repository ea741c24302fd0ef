import type { VNode } from 'preact';
import { phase } from '../state.ts';

export const Left = (): VNode => (
  <section class="hero" role="status">
    <h1>Thank you.</h1>
    <p class="lead">This tab has left the grid. Unfinished work was given back, and nothing runs here any more.</p>
    <button type="button" class="button" onClick={() => (phase.value = 'consent')}>
      Back to the start
    </button>
  </section>
);
