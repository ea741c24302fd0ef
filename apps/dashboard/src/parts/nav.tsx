import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { errorWords } from '../api/errors.ts';
import type { Route } from '../route.ts';
import { href } from '../route.ts';
import { signOut } from '../session.ts';
import { notice, route } from '../state.ts';

const PLACES = [
  { view: 'overview', label: 'Overview' },
  { view: 'jobs', label: 'Jobs' },
  { view: 'batches', label: 'Batches', after: null },
  { view: 'devices', label: 'Devices' },
  { view: 'signers', label: 'Signers' },
  { view: 'keys', label: 'Keys' },
] as const;

/** The place of the menu that a view belongs to. */
const placeOf = ({ view }: Route): Route['view'] => {
  if (view === 'batch') return 'batches';
  return view === 'job' || view === 'unit' ? 'jobs' : view;
};

export const Nav = (): VNode => {
  const busy = useSignal(false);
  const leave = async (): Promise<void> => {
    busy.value = true;
    try {
      await signOut();
    } catch (error) {
      notice.value = { tone: 'bad', text: `You are still signed in. ${errorWords(error)}` };
    }
    busy.value = false;
  };
  const here = placeOf(route.value);
  return (
    <nav class="menu" aria-label="Views">
      {PLACES.map(({ label, ...place }) => (
        <a key={place.view} href={href(place)} aria-current={here === place.view ? 'page' : undefined}>
          {label}
        </a>
      ))}
      <span class="menu-end">
        <a href="/docs">API</a>
        <button type="button" class="link" data-testid="sign-out" disabled={busy.value} onClick={() => void leave()}>
          Sign out
        </button>
      </span>
    </nav>
  );
};
