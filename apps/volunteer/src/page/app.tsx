import type { VNode } from 'preact';
import { Consent } from './consent/consent.tsx';
import { Left } from './consent/left.tsx';
import { grid } from './grid.ts';
import { Lending } from './lending/lending.tsx';
import { Mark } from './parts/mark.tsx';
import { phase } from './state.ts';

const View = (): VNode => {
  switch (phase.value) {
    case 'consent':
      return <Consent />;
    case 'lending':
    case 'leaving':
      return <Lending />;
    case 'left':
      return <Left />;
  }
};

export const App = (): VNode => {
  const view = grid.value.kind === 'ready' ? grid.value.view : null;
  return (
    <div class="page">
      <header class="top">
        <Mark />
        <span class="top-name">{view?.name ?? 'Gossamer'}</span>
        {view !== null && <span class="top-operator">run by {view.operator}</span>}
      </header>
      <main>
        <View />
      </main>
      <footer class="foot">
        <p>
          {view !== null && `${view.sessions.toLocaleString('en')} connected when this page was opened. `}
          Gossamer: a grid that lives in browser tabs.
        </p>
      </footer>
    </div>
  );
};
