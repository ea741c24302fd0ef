import type { BatchView } from '@gossamer/protocol';
import { signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import * as api from '../api/grid-api.ts';
import { errorWords } from '../api/errors.ts';
import { endsSession } from '../session.ts';
import { jobs, notice } from '../state.ts';
import { plural } from '../words.ts';

/** Grows when something was ordered here. */
const ordered = signal(0);

/** Another one when batches should be read again: at each event, as what changes in a job changes its batch, and after an order. */
export const useBatchesVersion = (): unknown => useMemo(() => ({}), [jobs.value, ordered.value]);

const DONE = { hold: 'held', release: 'released', cancel: 'cancelled' } as const;

const order = async ({ id, name }: BatchView, verb: keyof typeof DONE, reason = ''): Promise<void> => {
  const { changed } = await api.orderBatch(id, verb, reason);
  ordered.value += 1;
  notice.value = {
    tone: 'good',
    text: `${plural(changed, 'job')} of “${name}” ${changed === 1 ? 'is' : 'are'} ${DONE[verb]}.`,
  };
};

/** Throws what the API throws. */
export const holdBatch = (batch: BatchView, reason: string): Promise<void> => order(batch, 'hold', reason);

/** Throws what the API throws. */
export const cancelBatch = (batch: BatchView, reason: string): Promise<void> => order(batch, 'cancel', reason);

/** Asks nothing before: it can be undone at once. */
export const releaseBatch = async (batch: BatchView): Promise<void> => {
  try {
    await order(batch, 'release');
  } catch (error) {
    if (!endsSession(error)) notice.value = { tone: 'bad', text: errorWords(error) };
  }
};
