import type { VNode } from 'preact';
import type { Farewell } from '../../shared/snapshot.ts';
import { farewell, phase } from '../state.ts';

const forgotten = ({ grid, device }: Farewell): string => {
  if (grid === 'forgotten') return 'The grid has forgotten this browser: nothing there is connected with it any more.';
  if (grid === 'erasing') {
    return 'The grid is erasing what it knew of this browser: that is written down, and goes on until it is done.';
  }
  const name = device === null ? '' : ` Its name there is ${device}: whoever runs the grid can delete it.`;
  return `This browser’s key is deleted, but the grid could not be told, and keeps what it knew of it.${name}`;
};

export const Left = (): VNode => (
  <section class="hero" role="status">
    <h1>Thank you.</h1>
    <p class="lead">
      This tab has left the grid, and nothing runs here any more.{' '}
      {farewell.value?.grid === 'untold'
        ? 'Unfinished work goes to others once the grid misses this tab.'
        : 'Unfinished work was given back.'}
    </p>
    {farewell.value !== null && <p data-testid="forgotten">{forgotten(farewell.value)}</p>}
    <button type="button" class="button" onClick={() => (phase.value = 'consent')}>
      Back to the start
    </button>
  </section>
);
