import type { VNode } from 'preact';
import { playground, setPlayground } from '../state.ts';

/** The volunteer's half of what lets a browser run programs that nobody vetted; the operator's is to set it apart. */
export const PlaygroundControl = (): VNode => (
  <div class="playground">
    <label>
      <input
        type="checkbox"
        data-testid="playground"
        checked={playground.value}
        aria-describedby="playground-hint"
        onChange={(event) => setPlayground(event.currentTarget.checked)}
      />
      Also offer this browser for programs that nobody has vetted
    </label>
    <p class="hint" id="playground-hint">
      They run in the same sandbox, but the operator does not vouch for who wrote them: should a browser’s own bugs let
      one out, it is more likely to be one of these. Nothing changes until the operator sets this browser apart; from
      then on it runs such programs and no others.
    </p>
  </div>
);
