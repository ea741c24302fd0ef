import type { VNode } from 'preact';
import type { Snapshot } from '../../shared/snapshot.ts';
import { SlotsControl } from '../parts/slots-control.tsx';
import { phase, setPaused, snapshot } from '../state.ts';
import { words } from '../words.ts';
import { PlaygroundControl } from '../parts/playground-control.tsx';
import { Leave } from './leave.tsx';
import { Programs } from './programs.tsx';
import { Refusals } from './refusals.tsx';
import { SlotList } from './slot-list.tsx';
import { Stage } from './stage.tsx';
import { StandingView } from './standing.tsx';

const STARTING: Snapshot = {
  connection: { kind: 'connecting' },
  paused: false,
  slots: [],
  tally: { returned: 0, errored: 0, overran: 0 },
  unsent: 0,
  standing: null,
  refusals: [],
  trouble: null,
};

const State = ({ now }: { now: Snapshot }): VNode => {
  const { tone, word, detail } = words(now);
  const elsewhere = now.connection.kind === 'elsewhere';
  return (
    <div class="state">
      <p class={`state-word state-${tone}`} role="status">
        <span class="dot" aria-hidden="true" />
        <span data-testid="connection">{word}</span>
      </p>
      <p class="state-detail" data-testid={elsewhere ? 'elsewhere' : undefined}>
        {detail}
      </p>
      {now.connection.kind === 'mismatch' ? (
        <button type="button" class="button" onClick={() => location.reload()}>
          Reload
        </button>
      ) : (
        !elsewhere && (
          // One button that changes, so that the keyboard's focus stays where it is.
          <button
            type="button"
            class={now.paused ? 'button primary' : 'button'}
            data-testid={now.paused ? 'resume' : 'pause'}
            disabled={phase.value === 'leaving'}
            onClick={() => setPaused(!now.paused)}
          >
            {now.paused ? 'Resume' : 'Pause'}
          </button>
        )
      )}
    </div>
  );
};

/** The page while it lends: the picture, the state, the slots, what it has come to. */
export const Lending = (): VNode => {
  const now = snapshot.value ?? STARTING;
  const elsewhere = now.connection.kind === 'elsewhere';
  return (
    <article class="lending">
      <h1 class="unseen">Lending this tab</h1>
      <Stage now={now} />
      <State now={now} />
      <Refusals refusals={now.refusals} />
      {now.trouble !== null && (
        <p class="notice" role="note">
          {now.trouble}
        </p>
      )}
      {!elsewhere && <StandingView now={now} />}
      {!elsewhere && (
        <section class="slots" aria-labelledby="slots-title">
          <h2 id="slots-title">Slots</h2>
          <SlotList slots={now.slots} />
          <Programs slots={now.slots} />
          <SlotsControl />
          <PlaygroundControl />
        </section>
      )}
      <Leave />
    </article>
  );
};
