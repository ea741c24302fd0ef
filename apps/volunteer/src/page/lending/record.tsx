import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import { record, snapshot } from '../state.ts';

const FILE = 'gossamer-this-browser.json';

const said = signal('');

const save = (text: string): void => {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = FILE;
  link.click();
  URL.revokeObjectURL(url);
};

const download = async (): Promise<void> => {
  said.value = 'The grid is asked…';
  try {
    save(await record());
    said.value = `Saved as ${FILE}.`;
  } catch {
    said.value = 'The grid could not be asked just now. Try again when this tab is connected.';
  }
};

/** All that the grid keeps of this browser, as a file. */
export const RecordButton = (): VNode => (
  <div class="row">
    <button
      type="button"
      class="button"
      data-testid="record"
      disabled={snapshot.value?.connection.kind !== 'connected'}
      onClick={() => void download()}
    >
      Download what is stored about this browser
    </button>
    <span class="hint" role="status" data-testid="record-said">
      {said.value}
    </span>
  </div>
);
