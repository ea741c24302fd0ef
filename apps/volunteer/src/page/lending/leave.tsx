import type { VNode } from 'preact';
import { leave, phase } from '../state.ts';
import { RecordButton } from './record.tsx';

/** The ways out: the one that can be taken back, and the one that cannot. */
export const Leave = (): VNode => (
  <details class="leave">
    <summary>Leave this grid</summary>
    <p>
      The grid keeps a key, the kind of browser, a scrambled trace of the network, and what became of each result. You
      may have all of it as a file.
    </p>
    <RecordButton />
    <p>
      Leaving gives unfinished work back and stops. Credit stays with this browser’s key, and is yours again if you come
      back. Forgetting deletes the key here, and what the grid knows of this browser there, for good: results and credit
      stay in its books under a number that nothing connects to you.
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
