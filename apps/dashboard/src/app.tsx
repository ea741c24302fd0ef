import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Mark } from './parts/mark.tsx';
import { Connection, NoticeBar } from './parts/status.tsx';
import { Questions } from './parts/questions.tsx';
import { Heading } from './parts/heading.tsx';
import { Loading } from './parts/states.tsx';
import { Nav } from './parts/nav.tsx';
import { grid, route, session } from './state.ts';
import { Batch } from './views/batch.tsx';
import { Batches } from './views/batches.tsx';
import { Devices } from './views/devices.tsx';
import { Job } from './views/job.tsx';
import { Jobs } from './views/jobs.tsx';
import { Keys } from './views/keys.tsx';
import { Overview } from './views/overview.tsx';
import { Signers } from './views/signers.tsx';
import { SignIn } from './views/sign-in.tsx';
import { Unit } from './views/unit.tsx';

const View = (): VNode => {
  const at = route.value;
  switch (at.view) {
    case 'overview':
      return <Overview />;
    case 'jobs':
      return <Jobs />;
    case 'job':
      return <Job id={at.id} query={at.units} />;
    case 'unit':
      return <Unit id={at.id} index={at.index} />;
    case 'batches':
      return <Batches after={at.after} />;
    case 'batch':
      return <Batch id={at.id} query={at.jobs} />;
    case 'devices':
      return <Devices />;
    case 'signers':
      return <Signers />;
    case 'keys':
      return <Keys />;
    case 'nowhere':
      return (
        <>
          <Heading title="There is nothing at this address" />
          <p>
            <code>{at.path}</code> names no view. Go to the <a href="#/">overview</a>.
          </p>
        </>
      );
  }
};

const Main = (): VNode => {
  const who = session.value;
  switch (who.kind) {
    case 'asking':
      return <Loading />;
    case 'unreachable':
      return (
        <div class="sign-in" role="status" data-testid="unreachable">
          <h1 tabIndex={-1}>No answer</h1>
          <p class="lead">The coordinator cannot be reached. It is tried again by itself until it answers.</p>
        </div>
      );
    case 'out':
      return <SignIn why={who.why} />;
    case 'in':
      return <View />;
  }
};

/** The address without what only filters: a new one is another view, which takes the focus. */
const placeOf = (): string => {
  const at = route.value;
  if (session.value.kind !== 'in') return session.value.kind;
  if (at.view === 'job' || at.view === 'batch') return `${at.view} ${at.id}`;
  return at.view === 'unit' ? `unit ${at.id} ${at.index}` : at.view;
};

export const App = (): VNode => {
  const place = placeOf();
  const first = useRef(true);
  useEffect(() => {
    const heading = document.querySelector('h1');
    const name = heading?.textContent?.trim() ?? 'Gossamer';
    document.title = `${name}, ${grid.value?.name ?? 'Gossamer'} dashboard`;
    if (!first.current && document.querySelector('dialog[open]') === null) {
      scrollTo(0, 0);
      heading?.focus({ preventScroll: true });
    }
    first.current = false;
  }, [place]);
  const inside = session.value.kind === 'in';
  return (
    <div class="page">
      <header class="top">
        <div class="top-brand">
          <Mark />
          <span class="top-name">{grid.value?.name ?? 'Gossamer'}</span>
          <span class="top-place">dashboard</span>
        </div>
        {inside && <Connection />}
        {inside && <Nav />}
      </header>
      <main>
        <Main />
      </main>
      {inside && <NoticeBar />}
      {inside && <Questions />}
    </div>
  );
};
