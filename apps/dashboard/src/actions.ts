import type { JobView } from '@gossamer/protocol';
import * as api from './api/grid-api.ts';
import { errorWords } from './api/errors.ts';
import { endsSession } from './session.ts';
import { jobs, notice, question } from './state.ts';

/** Shows the job as the coordinator answered it, before the next event does. */
const show = (changed: JobView): void => {
  jobs.value = jobs.value?.map((job) => (job.id === changed.id ? changed : job)) ?? null;
};

/** Throws what the API throws: the dialog that asked shows it. */
export const hold = async (job: JobView, reason: string): Promise<void> => {
  show(await api.hold(job.id, reason));
  notice.value = { tone: 'good', text: `“${job.name}” is held. What devices compute now still comes back.` };
};

export const cancel = async (job: JobView, reason: string): Promise<void> => {
  show(await api.cancel(job.id, reason));
  notice.value = { tone: 'good', text: `“${job.name}” is cancelled. What was final stays.` };
};

export const setIndependence = async (job: JobView, independence: JobView['independence']): Promise<void> => {
  show(await api.setIndependence(job.id, independence));
  notice.value = { tone: 'good', text: `What counts as independent is changed for “${job.name}”.` };
};

/** Asks nothing before: it can be undone at once. */
export const release = async (job: JobView): Promise<void> => {
  try {
    show(await api.release(job.id));
    notice.value = { tone: 'good', text: `“${job.name}” is released.` };
  } catch (error) {
    if (!endsSession(error)) notice.value = { tone: 'bad', text: errorWords(error) };
  }
};

/** Closes the dialog when what it asked for is done; the answer says what went wrong otherwise. */
export const answer = async (act: () => Promise<void>): Promise<string | null> => {
  try {
    await act();
    question.value = null;
    return null;
  } catch (error) {
    return endsSession(error) ? null : errorWords(error);
  }
};
