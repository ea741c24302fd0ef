import type { VNode } from 'preact';
import { leave, phase } from '../state.ts';

/** The ways out: the one that can be taken back, and the one that cannot. */
export const Leave = (): VNode => (
  <details class="leave">
    <summary>Leave this grid</summary>
    <p>
      Leaving gives unfinished work back and stops. Credit stays with this browser’s key, and is yours again if you come
      back. Forgetting deletes the key as well: the credit stays in the grid’s books, but nothing connects it to you.
    </p>
    <div class="row">
      <button
        type="button"
        class="button"
        data-testid="leave"
        disabled={phase.value === 'leaving'}
        onClick={() => void leave(false)}
      >
        Leave
      </button>
      <button
        type="button"
        class="button danger"
        data-testid="forget"
        disabled={phase.value === 'leaving'}
        onClick={() => void leave(true)}
      >
        Leave and forget this browser
      </button>
    </div>
  </details>
);
