import type { VNode } from 'preact';
import { grid, loadGrid } from '../grid.ts';
import { PlaygroundControl } from '../parts/playground-control.tsx';
import { SlotsControl } from '../parts/slots-control.tsx';
import { secure, start } from '../state.ts';
import { Insecure } from './insecure.tsx';
import { Jobs } from './jobs.tsx';
import { Terms } from './terms.tsx';

const Failed = (): VNode => (
  <section class="panel" role="alert">
    <h1>The coordinator does not answer</h1>
    <p>What would run here cannot be shown, so nothing is started. It may be restarting.</p>
    <button
      type="button"
      class="button"
      onClick={() => {
        grid.value = { kind: 'loading' };
        void loadGrid();
      }}
    >
      Ask again
    </button>
  </section>
);

/** What a volunteer reads and decides before anything connects or computes. */
export const Consent = (): VNode => {
  const state = grid.value;
  if (state.kind === 'loading') return <p class="loading">Asking the coordinator what would run…</p>;
  if (state.kind === 'failed') return <Failed />;
  const { view } = state;
  return (
    <article class="consent">
      <section class="hero">
        <h1>Lend this tab to {view.name}.</h1>
        <p class="lead">
          {view.about === '' ? 'It computes small parts of large questions while it is open.' : view.about}
        </p>
        {secure ? (
          <div class="decide">
            <SlotsControl />
            <button type="button" class="button primary" data-testid="start" onClick={start}>
              Start computing
            </button>
            <p class="hint">Nothing has been connected or computed yet. Pause or leave whenever you like.</p>
            <PlaygroundControl />
          </div>
        ) : (
          <Insecure publicUrl={view.publicUrl} />
        )}
      </section>
      <Jobs jobs={view.jobs} />
      <Terms view={view} />
    </article>
  );
};
