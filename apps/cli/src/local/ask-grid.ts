import type { GridView } from '@gossamer/protocol';
import { Gossamer } from '@gossamer/sdk/node';

/** How long the coordinator has to answer, ms. */
const PATIENCE_MS = 5000;

/** The grid as anybody may see it, or why it cannot be seen; an estimate waits for nobody. */
export type AskedGrid = Pick<GridView, 'sessions' | 'jobs'> | { away: string };

export const askGrid = async (url: string): Promise<AskedGrid> => {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`the coordinator at ${url} did not answer`)), PATIENCE_MS).unref();
  });
  const asked = async (): Promise<GridView> => new Gossamer({ url, apiKey: '', patienceMs: 0 }).view();
  return Promise.race([asked(), late]).catch((error: unknown) => ({ away: (error as Error).message }));
};
